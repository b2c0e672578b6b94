package demo

import (
	"context"
	"sync/atomic"

	"crieur/bot"
)

// door is where the workspace knocks: whichever desk is behind it today. When
// the day starts again, another one is.
type door struct{ desk atomic.Pointer[bot.Desk] }

// Accept implements bot.Ingress.
func (d *door) Accept(ctx context.Context, keys []string, e bot.Event) (bool, error) {
	return d.desk.Load().Accept(ctx, keys, e)
}

// Ack implements bot.Front.
func (d *door) Ack(e bot.Event) bot.Ack { return d.desk.Load().Ack(e) }

// Form implements bot.Front.
func (d *door) Form(ctx context.Context, e bot.Event) (bot.Form, error) {
	return d.desk.Load().Form(ctx, e)
}

// Check implements bot.Front.
func (d *door) Check(ctx context.Context, e bot.Event) (map[string]string, error) {
	return d.desk.Load().Check(ctx, e)
}

// Choices implements bot.Front.
func (d *door) Choices(ctx context.Context, e bot.Event, text string) ([]bot.Choice, error) {
	return d.desk.Load().Choices(ctx, e, text)
}

// Searches implements bot.Searcher.
func (d *door) Searches(action, field string) bool { return d.desk.Load().Searches(action, field) }

// Search implements bot.Searcher.
func (d *door) Search(ctx context.Context, e bot.Event, field, text string) (bot.Found, error) {
	return d.desk.Load().Search(ctx, e, field, text)
}

// Say implements bot.Front.
func (d *door) Say(e bot.Event, key string) string { return d.desk.Load().Say(e, key) }
