package discord

import (
	"net/url"
	"strconv"

	"github.com/bwmarrin/discordgo"
)

// permission is one right that Crieur asks for in a guild.
type permission struct {
	bit  int64
	name string // the end of its catalog keys
}

// wanted are the permissions of the invitation, with what each is for in the
// catalog ("discord.missing.<name>").
func wanted() []permission {
	return []permission{
		{discordgo.PermissionViewChannel, "view_channel"},
		{discordgo.PermissionSendMessages, "send_messages"},
		{discordgo.PermissionSendMessagesInThreads, "send_messages_in_threads"},
		{discordgo.PermissionCreatePublicThreads, "create_public_threads"},
		{discordgo.PermissionEmbedLinks, "embed_links"},
		{discordgo.PermissionAttachFiles, "attach_files"},
		{discordgo.PermissionReadMessageHistory, "read_message_history"},
	}
}

var permissionNames = func() map[int64]string {
	names := map[int64]string{}
	for _, p := range wanted() {
		names[p.bit] = p.name
	}
	return names
}()

// Permissions is the number that an invitation asks for.
func Permissions() int64 {
	var all int64
	for _, p := range wanted() {
		all |= p.bit
	}
	return all
}

// Invite is the address at which an administrator adds Crieur to a guild.
func Invite(appID string) string {
	query := url.Values{
		"client_id":   {appID},
		"scope":       {"bot applications.commands"},
		"permissions": {strconv.FormatInt(Permissions(), 10)},
	}
	return "https://discord.com/oauth2/authorize?" + query.Encode()
}
