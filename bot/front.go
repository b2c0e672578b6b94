package bot

import (
	"context"
	"errors"

	"crieur/bot/state"
	"crieur/bot/work"
)

// Ack implements Front.
func (d *Desk) Ack(e Event) Ack {
	shape, _, ok := d.Mux.Shape(e)
	if !ok || shape.Ack == "" {
		return Wait
	}
	if shape.Ack == Busy && !d.Tokens.Valid(e.Token) {
		return Wait // nothing of ours stands behind the card: nobody would end its "Working…"
	}
	return shape.Ack
}

// Form implements Front.
func (d *Desk) Form(ctx context.Context, e Event) (Form, error) {
	shape, roles, ok := d.Mux.Shape(e)
	if !ok || shape.Form == nil {
		return Form{}, Refuse(d.printer(e).T("chat.gone"))
	}
	var form Form
	err := d.look(ctx, e, func(ctx context.Context, r *Request) (err error) {
		if err := Admit(r, shape.Early, roles...); err != nil {
			return err
		}
		form, err = shape.Form(ctx, r)
		return err
	})
	return form, err
}

// Check implements Front. It lets in what who sends it may not do: its handler
// refuses that, with who may and a way to ask them, which no field has room for.
func (d *Desk) Check(ctx context.Context, e Event) (map[string]string, error) {
	route, ok := d.Mux.actions[e.Action]
	if !ok || route.Check == nil {
		return nil, nil
	}
	var problems map[string]string
	err := d.look(ctx, e, func(ctx context.Context, r *Request) (err error) {
		if Admit(r, route.Shape.Early, anyOf(route.Role, route.Or)...) == nil {
			problems, err = route.Check(ctx, r)
		}
		return err
	})
	return problems, err
}

// Choices implements Front. Who may not use the command is offered nothing.
func (d *Desk) Choices(ctx context.Context, e Event, text string) ([]Choice, error) {
	route, ok := d.Mux.commands[e.Command]
	if !ok || route.Complete == nil {
		return nil, nil
	}
	var choices []Choice
	err := d.look(ctx, e, func(ctx context.Context, r *Request) (err error) {
		if Allow(r, anyOf(route.Role, route.Or)...) == nil {
			choices, err = route.Complete(ctx, r, text)
		}
		return err
	})
	return choices[:min(len(choices), MostChoices)], err
}

// Say implements Front.
func (d *Desk) Say(e Event, key string) string { return d.printer(e).T(key) }

// look runs a read within FormDeadline; what it collects to write is dropped, but
// for tokens of forms and what a refusal needs, which are committed.
func (d *Desk) look(ctx context.Context, e Event, read func(context.Context, *Request) error) (err error) {
	defer recovered(&err)
	ctx, cancel := context.WithTimeout(ctx, FormDeadline)
	defer cancel()
	tx := state.Begin(d.Store, "look:"+string(e.Kind)+":"+e.ID, d.Now())
	r, err := d.request(ctx, tx, e)
	if err == nil {
		err = read(ctx, r)
	}
	if err == nil && tx.Changed() {
		_, err = tx.Commit(ctx, nil, nil)
	}
	var refusal *Refusal
	if err == nil || errors.As(err, &refusal) && refusal.Then == nil {
		return err
	}
	if refusal != nil {
		if refusal.Card, err = d.beside(ctx, e, refusal); err == nil {
			return refusal
		}
	}
	d.Log.Error("not answered at once", "event", e.ID, "ref", work.Ref(e.ID), "err", err)
	return Refuse(d.printer(e).T("chat.slow"))
}

// beside commits what a refusal needs beside its answer.
func (d *Desk) beside(ctx context.Context, e Event, refusal *Refusal) (card Card, err error) {
	tx := state.Begin(d.Store, "refuse:"+string(e.Kind)+":"+e.ID, d.Now())
	if card, err = refusal.answer(ctx, tx); err != nil || !tx.Changed() {
		return card, err
	}
	_, err = tx.Commit(ctx, nil, nil)
	return card, err
}
