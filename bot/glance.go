package bot

import "context"

// Glance is what a feature shows of itself to one person: on their home page,
// or in the status.
type Glance struct {
	// Lines are ready to read, at most two of a feature.
	Lines []string
	// Buttons lead on; each is an action or a word of the same feature.
	Buttons []Button
}

// Glancer makes the glance of who asks. There is nothing in it when there is
// nothing to say, or when it is not their role.
type Glancer func(context.Context, *Request) (Glance, error)

// Gather puts the glances of several features under each other, in order.
func Gather(ctx context.Context, r *Request, glancers []Glancer) (Glance, error) {
	var all Glance
	for _, look := range glancers {
		one, err := look(ctx, r)
		if err != nil {
			return Glance{}, err
		}
		all.Lines = append(all.Lines, one.Lines...)
		all.Buttons = append(all.Buttons, one.Buttons...)
	}
	return all, nil
}
