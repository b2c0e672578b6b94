package config

import (
	"regexp"
	"slices"
	"strings"

	"crieur/bot/board"
	"crieur/bot/secret"
)

var (
	slackTeam    = regexp.MustCompile(`^[TE][A-Z0-9]{2,20}$`)
	slackUser    = regexp.MustCompile(`^[UW][A-Z0-9]{2,20}$`)
	slackGroup   = regexp.MustCompile(`^S[A-Z0-9]{2,20}$`)
	slackChannel = regexp.MustCompile(`^[CG][A-Z0-9]{2,20}$`)
	slackSigning = regexp.MustCompile(`^[0-9a-f]{32}$`)
	snowflake    = regexp.MustCompile(`^[0-9]{15,21}$`)
	publicKey    = regexp.MustCompile(`^[0-9a-fA-F]{64}$`)
)

// SlackModes are the ways to name commands on Slack.
func SlackModes() []string { return []string{"fr", "en", "both", "single"} }

// slackKind says which of Slack's secrets a value is, by its first letters:
// they are mixed up more often than anything else.
func slackKind(value secret.Secret) string {
	for prefix, kind := range map[string]string{
		"xoxb-": "the bot token", "xapp-": "the app-level token", "xoxp-": "a user token",
		"xoxe": "a configuration or rotating token", "xoxc-": "a browser's session", "xoxd-": "a browser's session",
	} {
		if strings.HasPrefix(value.Reveal(), prefix) {
			return kind
		}
	}
	if slackSigning.MatchString(value.Reveal()) {
		return "a signing secret"
	}
	return "something else"
}

// slackSecrets is where each of them is found.
var slackSecrets = map[string]string{
	"the bot token":       "In the app's settings: OAuth & Permissions, Bot User OAuth Token. It starts with xoxb-.",
	"the app-level token": "In the app's settings: Basic Information, App-Level Tokens, with connections:write. It starts with xapp-.",
	"a signing secret":    "In the app's settings: Basic Information, Signing Secret: 32 digits and letters from a to f.",
}

func (r *reader) chats(c *Config) {
	if r.file.Slack != nil {
		r.slack(c, *r.file.Slack)
	}
	if r.file.Discord != nil {
		r.discord(c, *r.file.Discord)
	}
	if c.Slack == nil && c.Discord == nil {
		r.wrong("", "No chat application is set up.", "Add slack: or discord: (crieur demo needs neither).")
	}
}

func (r *reader) slack(c *Config, s slackFile) {
	c.Slack = &Slack{Team: s.Team, BotToken: s.BotToken, AppToken: s.AppToken,
		SigningSecret: s.SigningSecret, APIURL: s.APIURL, Commands: s.Commands}
	if !slackTeam.MatchString(s.Team) {
		r.wrong("slack.team", "%q is no workspace ID.", "Open Slack in a browser: the address is app.slack.com/client/T…; it is the part with T.", s.Team)
	}
	r.address("slack.api_url", s.APIURL, false)
	if c.Slack.Commands == "" {
		c.Slack.Commands = "fr"
	}
	if !slices.Contains(SlackModes(), c.Slack.Commands) {
		r.wrong("slack.commands", "%q is no way to name commands.", oneOf(s.Commands, SlackModes()), s.Commands)
	}
	r.slackSecret("slack.bot_token", s.BotToken, "the bot token", true)
	r.slackSecret("slack.app_token", s.AppToken, "the app-level token", false)
	r.slackSecret("slack.signing_secret", s.SigningSecret, "a signing secret", false)
	if s.AppToken == "" && s.SigningSecret == "" && !r.options.Lenient && !r.unset["slack.app_token"] && !r.unset["slack.signing_secret"] {
		r.wrong("slack", "Nothing says how Slack reaches Crieur.",
			"Give app_token (Socket Mode: no public address needed), or signing_secret (Slack calls https://…/slack/…).")
	}
}

// slackSecret checks that a secret went where it belongs.
func (r *reader) slackSecret(path string, value secret.Secret, want string, needed bool) {
	if value == "" {
		if needed {
			r.needed(path, value, slackSecrets[want])
		}
		return
	}
	got := slackKind(value)
	switch belongs := map[string]string{
		"the bot token": "slack.bot_token", "the app-level token": "slack.app_token", "a signing secret": "slack.signing_secret"}[got]; {
	case got == want:
	case belongs != "":
		r.wrong(path, "Here stands %s, which belongs in %s; this is the place of %s.", slackSecrets[want], got, belongs, want)
	case got == "a user token":
		r.wrong(path, "Here stands a user token (xoxp-), which Crieur never needs; this is the place of %s.", slackSecrets[want], want)
	default:
		r.wrong(path, "Here stands %s; this is the place of %s.", slackSecrets[want], got, want)
	}
}

func (r *reader) discord(c *Config, d discordFile) {
	c.Discord = &Discord{Guild: d.Guild, AppID: d.AppID, PublicKey: d.PublicKey, Token: d.Token,
		APIURL: d.APIURL, GatewayURL: d.GatewayURL, HearChannels: d.Hear}
	if !snowflake.MatchString(d.Guild) {
		r.wrong("discord.guild", "%q is no server ID.", "In Discord, with developer mode on: right-click the server, Copy Server ID.", d.Guild)
	}
	r.address("discord.api_url", d.APIURL, false)
	r.address("discord.gateway_url", d.GatewayURL, false)
	if r.options.Lenient && d.Token == "" {
		return
	}
	if !snowflake.MatchString(d.AppID) {
		r.wrong("discord.app_id", "%q is no application ID.", "In Discord's developer portal: General Information, Application ID.", d.AppID)
	}
	if d.PublicKey != "" && !publicKey.MatchString(d.PublicKey) {
		r.wrong("discord.public_key", "A public key has 64 digits and letters from a to f.",
			"In Discord's developer portal: General Information, Public Key. Only needed for interactions over HTTP.")
	}
	const where = "In Discord's developer portal: Bot, Reset Token."
	switch token := d.Token.Reveal(); {
	case token == "":
		r.needed("discord.token", d.Token, where)
	case strings.HasPrefix(token, "Bot "):
		r.wrong("discord.token", "The word Bot in front is not part of the token.", "Write the token alone.")
	case publicKey.MatchString(token):
		r.wrong("discord.token", "Here stands the public key, which belongs in discord.public_key; this is the place of the bot's token.", where)
	case strings.Count(token, ".") != 2:
		r.wrong("discord.token", "This is no bot token: one has three parts with dots between them (the client secret is something else).", where)
	}
}

// places reads the channels of one purpose.
func (r *reader) places(c *Config, p placeFile, path string) []board.Place {
	var places []board.Place
	if r.slackPlace(c, p.Slack, join(path, "slack")) {
		places = append(places, board.Place{Platform: "slack", Team: c.Slack.Team, Channel: p.Slack})
	}
	if r.discordPlace(c, p.Discord, join(path, "discord")) {
		places = append(places, board.Place{Platform: "discord", Team: c.Discord.Guild, Channel: p.Discord})
	}
	return places
}

func (r *reader) slackPlace(c *Config, channel, path string) bool {
	switch {
	case channel == "":
		return false
	case c.Slack == nil:
		r.wrong(path, "Slack is not set up in this file.", "Add slack: at the top, or take this line out.")
		return false
	case !slackChannel.MatchString(channel):
		r.wrong(path, "%q is no channel ID.", "In Slack: the channel's name, About, Channel ID at the bottom. It starts with C.", channel)
	}
	return true
}

func (r *reader) discordPlace(c *Config, channel, path string) bool {
	switch {
	case channel == "":
		return false
	case c.Discord == nil:
		r.wrong(path, "Discord is not set up in this file.", "Add discord: at the top, or take this line out.")
		return false
	case !snowflake.MatchString(channel):
		r.wrong(path, "%q is no channel ID.", "In Discord, with developer mode on: right-click the channel, Copy Channel ID.", channel)
	}
	return true
}
