package slack

import (
	"strings"

	"crieur/bot/i18n"
)

// tokensPage is where Slack makes app-level tokens, as its English pages call it.
const tokensPage = "Basic Information, App-Level Tokens"

// Explain is the message that a team sends, with the manifest, to whoever may
// install apps: what Crieur is, each permission with its reason, what it does not
// ask for, and what to do. command is what prints the manifest that it speaks of.
// The options are those of a manifest that could be made.
func Explain(o ManifestOptions, command string) string {
	p := o.print()
	lines := []string{p.T("slack.explain.hello"), "", p.T("slack.explain.what"), "", p.T("slack.explain.asks")}
	for _, need := range Needs(o) {
		lines = append(lines, "- "+need.Scope+" · "+p.T(need.Why))
	}
	lines = append(lines, "", p.T("slack.explain.limits"))
	if !o.History {
		lines = append(lines, "- "+p.T("slack.explain.unread"))
	}
	lines = append(lines, "- "+p.T("slack.explain.invited"), "- "+p.T("slack.explain.secrets"), "- "+o.reached(p), "",
		p.T("slack.explain.steps"), "1. "+p.T("slack.explain.step.manifest", "Command", command),
		"2. "+p.T("slack.explain.step.app"), "3. "+p.T("slack.explain.step.keys"))
	last := p.T("slack.explain.step.socket", "Where", tokensPage)
	if o.Address != "" {
		last = p.T("slack.explain.step.secret")
	}
	lines = append(lines, "4. "+last, "5. "+p.T("slack.explain.step.serve"), "", p.T("slack.explain.demo"))
	return strings.Join(lines, "\n") + "\n"
}

// reached says who calls whom.
func (o ManifestOptions) reached(p *i18n.Printer) string {
	if o.Address == "" {
		return p.T("slack.explain.socket")
	}
	return p.T("slack.explain.http", "Address", o.Address)
}
