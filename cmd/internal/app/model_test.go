package app_test

import (
	"slices"
	"strings"
	"testing"

	"crieur/bot"
	"crieur/bot/brand"
	"crieur/bot/secret"
	"crieur/bot/text/measure"
	"crieur/cmd/internal/app"
	"crieur/cmd/internal/config"
	"crieur/commands/drafting"
	"crieur/integrations/llm/llmfake"
)

// TestModel: what model: names is what is asked, and nothing without it.
func TestModel(t *testing.T) {
	if writer, closes := app.WriterOf(&config.Config{}); writer != nil {
		closes()
		t.Error("a model that nobody configured")
	}
	server := llmfake.New()
	defer server.Close()
	server.Answer = func(llmfake.Asked) string { return `{"texts":[{"account":"x","text":"Le thé revient."}]}` }
	c := &config.Config{Model: &config.Model{BaseURL: server.URL() + "/v1", Name: server.Model, Key: secret.Secret(server.Key)}}
	writer, closes := app.WriterOf(c)
	defer closes()
	texts, err := writer.Write(t.Context(), drafting.Brief{Lang: "fr", Originals: []drafting.Original{{Account: "x", Network: measure.X, Text: "Thé"}}})
	if err != nil || texts["x"] != "Le thé revient." {
		t.Errorf("%v, %v", texts, err)
	}
}

// TestModelFindings is what the doctor says of a model.
func TestModelFindings(t *testing.T) {
	if found := app.ModelFindings(t.Context(), &config.Config{}, catalog(t)); len(found) > 0 {
		t.Errorf("no model: %+v", found)
	}
	for name, row := range map[string]struct {
		set    func(*llmfake.Server)
		want   string
		mend   bool
		advice bool
	}{
		"fine":        {func(*llmfake.Server) {}, "has small-1.", false, false},
		"another key": {func(s *llmfake.Server) { s.Key = "another" }, "refuses the connection", true, false},
		"not listed":  {func(s *llmfake.Server) { s.Model = "large-2" }, "does not list small-1.", true, true},
		"no list":     {func(s *llmfake.Server) { s.Unlisted = true }, "does not list small-1.", true, true},
		"away":        {(*llmfake.Server).Close, "can’t be reached", true, false},
	} {
		server := llmfake.New()
		c := &config.Config{Model: &config.Model{BaseURL: server.URL(), Name: server.Model, Key: secret.Secret(server.Key)}}
		row.set(server)
		found := app.ModelFindings(t.Context(), c, catalog(t))
		if len(found) != 1 || !strings.Contains(found[0].What, row.want) || (found[0].Fix != "") != row.mend || found[0].Advice != row.advice {
			t.Errorf("%s: %+v", name, found)
		}
		server.Close()
	}
}

// Without a model nothing is offered that nobody would do.
func TestNoModel(t *testing.T) {
	offers := func(writer drafting.Writer) bool {
		made, err := app.New(app.Options{Space: &brand.Space{ID: "s"}, Catalog: catalog(t), Writer: writer})
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(made.Mux.WordRoutes(), func(w bot.WordRoute) bool { return w.Key == "drafting.words.word" })
	}
	if offers(nil) || !offers(&model{}) {
		t.Error("the help speaks of other words with a model, and not without")
	}
}
