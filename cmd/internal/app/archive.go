package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"crieur/bot/archive"
	"crieur/bot/audit"
	"crieur/bot/brand"
	"crieur/bot/team"
	"crieur/cmd/internal/config"
	"crieur/integrations/redis"
)

var (
	errMoving  = errors.New("something changes all the time: run it again at a quieter moment, or stop Crieur first")
	errNoBrand = errors.New("there is no such brand")
)

// dumpTries is how often a space is read that changes meanwhile.
const dumpTries = 5

// SpaceOptions name the space that a command works on as a whole.
type SpaceOptions struct {
	Config *config.Config
	Data   string // folder of the private store; empty: that of the configuration
	Log    *slog.Logger
}

func (o SpaceOptions) open(ctx context.Context, undo *stack) (*kept, error) {
	data := o.Data
	if data == "" {
		data = o.Config.Data
	}
	k, err := open(ctx, o.Config, data, o.Log, undo)
	if errors.Is(err, redis.ErrLocked) {
		return nil, fmt.Errorf("%w: stop it first (a Redis of its own, redis.url, may be read while Crieur serves)", err)
	}
	return k, err
}

// space is what was configured and what was learnt since.
func (o SpaceOptions) space(ctx context.Context, k *kept) (brand.Source, error) {
	directory := team.New(o.Config.Space, k.store)
	return directory, directory.Refresh(ctx)
}

// enter opens the space and reads what was learnt.
func (o SpaceOptions) enter(ctx context.Context, undo *stack) (*kept, brand.Source, error) {
	k, err := o.open(ctx, undo)
	if err != nil {
		return nil, nil, err
	}
	space, err := o.space(ctx, k)
	return k, space, err
}

func (o SpaceOptions) sealer(space brand.Source, k *kept) *audit.Sealer {
	return sealerOf(space, k.store, o.Config.AuditKey, "", o.Log)
}

// Export writes everything of the space, or of a brand, as it is at one moment.
// Nothing is written to out until all of it was read.
func Export(ctx context.Context, o SpaceOptions, brandID string, out io.Writer) error {
	var undo stack
	defer undo.unwind()
	k, space, err := o.enter(ctx, &undo)
	if err != nil {
		return err
	}
	if brandID != "" && space.Now().Brand(brandID) == nil {
		return fmt.Errorf("%s: %w", brandID, errNoBrand)
	}
	spool, err := os.CreateTemp("", "crieur-export") // made with 0600
	if err != nil {
		return fmt.Errorf("keep the export: %w", err)
	}
	undo.push(func() { spool.Close(); os.Remove(spool.Name()) })
	for range dumpTries {
		if err := o.sealer(space, k).SealAll(ctx); err != nil {
			return err
		}
		header := archive.Header{Version: archive.Version, Space: o.Config.Space.ID, At: k.clock.Now().UTC()}
		if err = write(ctx, k.store, spool, header, brandID); !errors.Is(err, redis.ErrMoving) {
			break
		}
	}
	switch {
	case errors.Is(err, redis.ErrMoving):
		return errMoving
	case err != nil:
		return fmt.Errorf("export: %w", err)
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("keep the export: %w", err)
	}
	if _, err := io.Copy(out, spool); err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	return nil
}

// write writes an archive into an emptied file.
func write(ctx context.Context, store *redis.Store, spool *os.File, header archive.Header, brandID string) error {
	if err := spool.Truncate(0); err != nil {
		return err
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return err
	}
	w := archive.NewWriter(spool)
	emit := w.Write
	if brandID != "" {
		part := archive.NewPart(brandID)
		emit = func(line archive.Line) error {
			if taken, ok := part.Take(line); ok {
				return w.Write(taken)
			}
			return nil
		}
	}
	if err := emit(archive.Line{Header: &header}); err != nil {
		return err
	}
	seq, err := store.Dump(ctx, emit)
	if err != nil {
		return err
	}
	if err := store.DumpFiles(ctx, emit); err != nil {
		return err
	}
	return w.Close(seq)
}

// Imported says what an import brought in and what was done with it.
type Imported struct {
	Header   archive.Header
	Records  int
	Pictures int
	Links    int64
	Held
	// Broken says why the record of who did what does not hold; nil if it does.
	Broken error
}

// Import fills the empty space of the configuration with an archive. It starts
// held: nothing leaves before people resumed and decided what is late.
func Import(ctx context.Context, o SpaceOptions, in io.Reader) (Imported, error) {
	var undo stack
	defer undo.unwind()
	k, err := o.open(ctx, &undo)
	if err != nil {
		return Imported{}, err
	}
	var got Imported
	var found pending
	lines := func(yield func(archive.Line, error) bool) {
		for line, err := range archive.Read(in) {
			got.count(line)
			found.note(line)
			if !yield(line, err) {
				return
			}
		}
	}
	if err := k.store.Restore(ctx, lines); err != nil {
		return Imported{}, fmt.Errorf("import: %w", err)
	}
	if _, got.Broken = audit.Verify(k.store.Chain(ctx), audit.Expect{}); got.Broken != nil && !errors.Is(got.Broken, audit.ErrBroken) {
		return Imported{}, got.Broken
	}
	space, err := o.space(ctx, k)
	if err != nil {
		return Imported{}, err
	}
	if got.Held, err = hold(ctx, k, space, found, "space.imported"); err != nil {
		return Imported{}, fmt.Errorf("hold what was imported: %w", err)
	}
	if err := k.store.Restored(ctx); err != nil {
		return Imported{}, err
	}
	return got, o.sealer(space, k).SealAll(ctx)
}

func (i *Imported) count(line archive.Line) {
	switch {
	case line.Header != nil:
		i.Header = *line.Header
	case line.Record != nil:
		i.Records++
	case line.File != nil:
		i.Pictures++
	case line.Link != nil:
		i.Links = line.Link.N
	}
}
