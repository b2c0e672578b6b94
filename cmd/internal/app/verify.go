package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"crieur/bot/archive"
	"crieur/bot/audit"
)

// VerifyFile recomputes the chain of an export.
func VerifyFile(path string, want audit.Expect) (audit.Report, error) {
	file, err := os.Open(path)
	if err != nil {
		return audit.Report{}, err
	}
	defer file.Close()
	report, err := audit.Verify(archive.Links(archive.Read(file)), want)
	if err != nil {
		return report, fmt.Errorf("%s: %w", path, err)
	}
	return report, nil
}

// VerifyLive recomputes the chain of a space, as far as it is sealed. The
// configuration's key may sign, beside those expected.
func VerifyLive(ctx context.Context, o SpaceOptions, want audit.Expect) (audit.Report, error) {
	var undo stack
	defer undo.unwind()
	k, err := o.open(ctx, &undo)
	if err != nil {
		return audit.Report{}, err
	}
	if o.Config.AuditKey != nil {
		want.Keys = append(want.Keys, o.Config.AuditKey.Public())
	}
	return audit.Verify(k.store.Chain(ctx), want)
}

// WriteReport says what a chain was found to be.
func WriteReport(out io.Writer, r audit.Report, err error) error {
	if errors.Is(err, audit.ErrBroken) {
		fmt.Fprintf(out, "%d link(s) hold before it.\n", r.Links)
	}
	if err != nil {
		return err
	}
	if r.Links == 0 {
		_, err = fmt.Fprintln(out, "Nothing is in it yet.")
		return err
	}
	fmt.Fprintf(out, "%d entries, each follows the one before it.\n", r.Links)
	if r.Excerpts > 0 {
		fmt.Fprintf(out, "%d of them are not shown here; they belong to other brands.\n", r.Excerpts)
	}
	switch {
	case r.Signed == 0:
		fmt.Fprintln(out, "None is signed: whoever may write in the store could have made all of it anew.")
	case r.Signed < r.Links:
		fmt.Fprintf(out, "Signed up to entry %d, the rest is not.\n", r.Signed)
	default:
		fmt.Fprintln(out, "Signed up to the last one.")
	}
	for _, key := range r.Keys {
		fmt.Fprintf(out, "Key: %s\n", key)
	}
	_, err = fmt.Fprintf(out, "Last: %d:%s\n", r.Links, r.Head)
	return err
}
