package app

import (
	"context"
	"fmt"
	"io"
	"os"

	"crieur/bot/text/learnt"
	"crieur/commands/learning"
)

// BringModel keeps the model of a file of crieur train for a brand. Its admins
// are asked whether to use it by whoever serves the space.
func BringModel(ctx context.Context, o SpaceOptions, brandID, file string) (learning.Model, error) {
	data, err := readModel(file)
	if err != nil {
		return learning.Model{}, err
	}
	var undo stack
	defer undo.unwind()
	k, space, err := o.enter(ctx, &undo)
	if err != nil {
		return learning.Model{}, err
	}
	b := space.Now().Brand(brandID)
	if b == nil {
		return learning.Model{}, fmt.Errorf("%s: %w", brandID, errNoBrand)
	}
	shipped, err := learnt.Open()
	if err != nil {
		return learning.Model{}, err
	}
	trainer := &learning.Trainer{Store: k.store, Space: space, Library: &learning.Library{Shipped: shipped}, Now: k.clock.Now}
	brought, err := trainer.Bring(ctx, b, data)
	if err != nil {
		return learning.Model{}, fmt.Errorf("bring %s: %w", file, err)
	}
	return brought, o.sealer(space, k).SealAll(ctx)
}

// readModel reads a file as far as a model can be long.
func readModel(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, learnt.MaxSize+1))
}
