package config

import "crieur/bot/secret"

// The shape of crieur.yaml. deploy/crieur.example.yaml says what each setting
// means; a test keeps the two in step.

type file struct {
	Space   string        `yaml:"space"`
	Key     secret.Secret `yaml:"key"`
	Data    string        `yaml:"data"`
	HTTP    httpFile      `yaml:"http"`
	Redis   redisFile     `yaml:"redis"`
	Audit   auditFile     `yaml:"audit"`
	Slack   *slackFile    `yaml:"slack"`
	Discord *discordFile  `yaml:"discord"`
	Model   *modelFile    `yaml:"model"`
	Mail    *mailFile     `yaml:"mail"`
	Members []memberFile  `yaml:"members"`
	Groups  []groupFile   `yaml:"groups"`
	Brands  []brandFile   `yaml:"brands"`
}

type httpFile struct {
	Addr string `yaml:"addr"`
	// URL is the public address of addr.
	URL string `yaml:"url"`
	// Allow are private networks that may be called, as 10.0.0.0/8.
	Allow []string `yaml:"allow"`
}

type redisFile struct {
	URL secret.Secret `yaml:"url"`
}

type auditFile struct {
	Key secret.Secret `yaml:"key"`
}

type slackFile struct {
	Team          string        `yaml:"team"`
	BotToken      secret.Secret `yaml:"bot_token"`
	AppToken      secret.Secret `yaml:"app_token"`
	SigningSecret secret.Secret `yaml:"signing_secret"`
	APIURL        string        `yaml:"api_url"`
	Commands      string        `yaml:"commands"`
}

type discordFile struct {
	Guild      string        `yaml:"guild"`
	Token      secret.Secret `yaml:"token"`
	AppID      string        `yaml:"app_id"`
	PublicKey  string        `yaml:"public_key"`
	APIURL     string        `yaml:"api_url"`
	GatewayURL string        `yaml:"gateway_url"`
	Hear       bool          `yaml:"hear_channels"`
}

type modelFile struct {
	BaseURL string        `yaml:"base_url"`
	Key     secret.Secret `yaml:"key"`
	Name    string        `yaml:"name"`
}

type mailFile struct {
	Server   string        `yaml:"server"`
	From     string        `yaml:"from"`
	User     string        `yaml:"user"`
	Password secret.Secret `yaml:"password"`
	TLS      string        `yaml:"tls"`
}

type memberFile struct {
	ID      string            `yaml:"id"`
	Name    string            `yaml:"name"`
	Roles   []string          `yaml:"roles"`
	Lang    string            `yaml:"lang"`
	Zone    string            `yaml:"zone"`
	Hours   map[string]string `yaml:"hours"`
	Away    []string          `yaml:"away"`
	Trainee bool              `yaml:"trainee"`
	Slack   string            `yaml:"slack"`
	Discord string            `yaml:"discord"`
	Email   string            `yaml:"email"`
}

type groupFile struct {
	Slack   string   `yaml:"slack"`
	Discord string   `yaml:"discord"`
	Roles   []string `yaml:"roles"`
}

type brandFile struct {
	ID       string               `yaml:"id"`
	Name     string               `yaml:"name"`
	Langs    []string             `yaml:"langs"`
	Zone     string               `yaml:"zone"`
	Hours    map[string]string    `yaml:"hours"`
	Holidays string               `yaml:"holidays"`
	Off      []string             `yaml:"off"`
	Brief    string               `yaml:"brief"`
	Handover string               `yaml:"handover"`
	Rounds   []string             `yaml:"rounds"`
	Promise  string               `yaml:"promise"`
	Channels channelsFile         `yaml:"channels"`
	Accounts []accountFile        `yaml:"accounts"`
	Watch    []watchFile          `yaml:"watch"`
	Own      []string             `yaml:"own"`
	Themes   map[string]themeFile `yaml:"themes"`
	Critical []string             `yaml:"critical"`
	Posts    bool                 `yaml:"critical_posts"`
	Listed   []string             `yaml:"listed"`
	Rivals   []rivalFile          `yaml:"rivals"`
	Feeds    []feedFile           `yaml:"feeds"`
	GitHub   []githubFile         `yaml:"github"`
	Hooks    []hookFile           `yaml:"hooks"`
	Answers  []answerFile         `yaml:"answers"`
	Charter  []articleFile        `yaml:"charter"`
	Policy   policyFile           `yaml:"policy"`
	OnCall   []string             `yaml:"on_call"`
	Pager    *pagerFile           `yaml:"pager"`
	Words    []string             `yaml:"words"`
	Noise    noiseFile            `yaml:"noise"`
}

type channelsFile struct {
	Approvals placeFile `yaml:"approvals"`
	Alerts    placeFile `yaml:"alerts"`
}

type placeFile struct {
	Slack   string `yaml:"slack"`
	Discord string `yaml:"discord"`
}

type accountFile struct {
	ID       string        `yaml:"id"`
	Network  string        `yaml:"network"`
	Name     string        `yaml:"name"`
	Shows    string        `yaml:"shows"`
	Handle   string        `yaml:"handle"`
	Limit    int           `yaml:"limit"`
	Instance string        `yaml:"instance"`
	Token    secret.Secret `yaml:"token"`
	Service  string        `yaml:"service"`
	Password secret.Secret `yaml:"password"`
	URL      secret.Secret `yaml:"url"`
	Secret   secret.Secret `yaml:"secret"`
	Channel  string        `yaml:"channel"`
}

type watchFile struct {
	Name  string `yaml:"name"`
	Query string `yaml:"query"`
}

type themeFile struct {
	Name  map[string]string `yaml:"name"`
	Words []string          `yaml:"words"`
}

type rivalFile struct {
	ID    string   `yaml:"id"`
	Name  string   `yaml:"name"`
	Feeds []string `yaml:"feeds"`
}

type feedFile struct {
	Name    string        `yaml:"name"`
	URL     secret.Secret `yaml:"url"`
	Network string        `yaml:"network"`
}

type githubFile struct {
	Name   string        `yaml:"name"`
	Repos  []string      `yaml:"repos"`
	Query  string        `yaml:"query"`
	Token  secret.Secret `yaml:"token"`
	APIURL string        `yaml:"api_url"`
}

type hookFile struct {
	Name    string        `yaml:"name"`
	Secret  secret.Secret `yaml:"secret"`
	Network string        `yaml:"network"`
}

type answerFile struct {
	ID    string            `yaml:"id"`
	Theme string            `yaml:"theme"`
	Name  map[string]string `yaml:"name"`
	Text  map[string]string `yaml:"text"`
}

type articleFile struct {
	ID    string            `yaml:"id"`
	Title map[string]string `yaml:"title"`
	Text  map[string]string `yaml:"text"`
}

type policyFile struct {
	Needed  *int     `yaml:"needed"`
	OwnWork bool     `yaml:"own_work"`
	Ask     []string `yaml:"ask"`
}

type pagerFile struct {
	URL    secret.Secret `yaml:"url"`
	Secret secret.Secret `yaml:"secret"`
}

type noiseFile struct {
	Channel *int `yaml:"channel"`
	Alerts  *int `yaml:"alerts"`
	Person  *int `yaml:"person"`
	Asked   *int `yaml:"asked"`
}
