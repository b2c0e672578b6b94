package app

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"crieur/bot/outbox"
	"crieur/bot/state"
	"crieur/bot/work"
)

var errNoAnswer = errors.New("no answer")

// meter counts what passes through the store. Labels are names of ours: never
// a person, a text or an address.
type meter struct {
	registry *prometheus.Registry
	accepted *prometheus.CounterVec
	effects  *prometheus.CounterVec
	commits  *prometheus.HistogramVec
}

func newMeter(k *kept) *meter {
	m := &meter{
		registry: prometheus.NewRegistry(),
		accepted: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "crieur_accepted_total",
			Help: "What came in, by topic, and whether it was new, a repetition or not stored."}, []string{"topic", "outcome"}),
		effects: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "crieur_effects_total",
			Help: "What was done outside, by kind and how it ended."}, []string{"kind", "status"}),
		commits: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "crieur_commit_seconds",
			Help:    "How long one atomic step took, by outcome.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5}}, []string{"outcome"}),
	}
	m.registry.MustRegister(m.accepted, m.effects, m.commits, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), &backlog{k})
	return m
}

func (m *meter) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Timeout: 5 * time.Second})
}

// watch returns the same store, counted.
func (m *meter) watch(b Backend) Backend { return &counted{b, m} }

type counted struct {
	Backend
	meter *meter
}

// Accept implements bot.Accepter.
func (c *counted) Accept(ctx context.Context, dedupe []string, item work.Item) (bool, error) {
	fresh, err := c.Backend.Accept(ctx, dedupe, item)
	outcome := "repeated"
	switch {
	case err != nil:
		outcome = "failed"
	case fresh:
		outcome = "new"
	}
	c.meter.accepted.WithLabelValues(item.Topic, outcome).Inc()
	return fresh, err
}

// Commit implements state.Store.
func (c *counted) Commit(ctx context.Context, step state.Commit) (state.Outcome, error) {
	began := time.Now()
	outcome, err := c.Backend.Commit(ctx, step)
	label := "done"
	switch {
	case errors.Is(err, state.ErrConflict):
		label = "conflict"
	case err != nil:
		label = "failed"
	case outcome.Repeated:
		label = "repeated"
	}
	c.meter.commits.WithLabelValues(label).Observe(time.Since(began).Seconds())
	return outcome, err
}

// Finish implements outbox.Store.
func (c *counted) Finish(ctx context.Context, ticket work.Ticket, effect outbox.Effect, receipt outbox.Receipt) error {
	err := c.Backend.Finish(ctx, ticket, effect, receipt)
	if err == nil {
		c.meter.effects.WithLabelValues(effect.Kind, string(receipt.Status)).Inc()
	}
	return err
}

// backlog is what waits, read from Redis when somebody asks.
type backlog struct{ kept *kept }

const readBacklog = 2 * time.Second

func waitingDesc() *prometheus.Desc {
	return prometheus.NewDesc("crieur_waiting", "What waits: in to be handled, out to be done, due later.", []string{"lane"}, nil)
}

func doubtDesc() *prometheus.Desc {
	return prometheus.NewDesc("crieur_clock_doubt_seconds", "How far the shared clock may be off.", nil, nil)
}

// Describe implements prometheus.Collector.
func (b *backlog) Describe(out chan<- *prometheus.Desc) {
	out <- waitingDesc()
	out <- doubtDesc()
}

// Collect implements prometheus.Collector. What cannot be read is missing, not zero.
func (b *backlog) Collect(out chan<- prometheus.Metric) {
	out <- prometheus.MustNewConstMetric(doubtDesc(), prometheus.GaugeValue, b.kept.clock.Doubt().Seconds())
	ctx, cancel := context.WithTimeout(context.Background(), readBacklog)
	defer cancel()
	waiting, err := b.kept.store.Waiting(ctx)
	if err != nil {
		return
	}
	for lane, n := range map[string]int{"in": waiting.In, "out": waiting.Out, "due": waiting.Due} {
		out <- prometheus.MustNewConstMetric(waitingDesc(), prometheus.GaugeValue, float64(n), lane)
	}
}
