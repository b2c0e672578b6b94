package discord

import (
	"encoding/json"
	"maps"
	"slices"

	"crieur/bot"

	"github.com/bwmarrin/discordgo"
)

// working is the update of a clicked message in which its buttons and menus
// give way to a line. ok is false when the message cannot be rebuilt: it is
// not one of ours, or Discord did not send its components.
func working(m *clicked, line string) (map[string]any, bool) {
	var comps []map[string]any
	if m.Flags&flagV2 == 0 || json.Unmarshal(m.Components, &comps) != nil || len(comps) == 0 {
		return nil, false
	}
	note := map[string]any{"type": discordgo.TextDisplayComponent,
		"content": workingLine(line)}
	kept := still(comps)
	if n := len(kept); n > 0 && kindOf(kept[n-1]) == discordgo.ContainerComponent {
		inner, _ := kept[n-1]["components"].([]map[string]any)
		kept[n-1]["components"] = append(inner, note)
	} else {
		kept = append(kept, note)
	}
	return map[string]any{"flags": flagV2, "components": kept, "attachments": attached(m.Components),
		"allowed_mentions": allowedMentions{Parse: []string{}}}, true
}

// attached lists the files of a message, so that it keeps them: unlike an edit,
// an update removes them all when nothing is said.
func attached(components json.RawMessage) []attachment {
	all := []attachment{}
	var elements []element
	if json.Unmarshal(components, &elements) == nil {
		for _, id := range slices.Sorted(maps.Values(attachedTo(elements))) {
			all = append(all, attachment{ID: id})
		}
	}
	return all
}

func workingLine(line string) string { return words("-# ", bot.Say(line)).text.markdown(nobody) }

func kindOf(comp map[string]any) discordgo.ComponentType {
	number, _ := comp["type"].(float64)
	return discordgo.ComponentType(number)
}

// still returns the components that only show something, as they can be sent
// again: what Discord added to them is left out. A container keeps its number,
// by which further messages are found.
func still(comps []map[string]any) []map[string]any {
	kept := []map[string]any{}
	for _, comp := range comps {
		switch kindOf(comp) {
		case discordgo.TextDisplayComponent, discordgo.SeparatorComponent:
			kept = append(kept, only(comp, "type", "content", "divider", "spacing"))
		case discordgo.MediaGalleryComponent:
			gallery := only(comp, "type")
			gallery["items"] = galleryItems(comp)
			kept = append(kept, gallery)
		case discordgo.FileComponentType:
			if name, ok := comp["name"].(string); ok {
				again := only(comp, "type", "spoiler")
				again["file"] = map[string]any{"url": "attachment://" + name}
				kept = append(kept, again)
			}
		case discordgo.ContainerComponent:
			box := only(comp, "type", "id", "accent_color", "spoiler")
			box["components"] = still(children(comp))
			kept = append(kept, box)
		case discordgo.SectionComponent:
			kept = append(kept, still(children(comp))...)
		}
	}
	return kept
}

func children(comp map[string]any) []map[string]any {
	list, _ := comp["components"].([]any)
	var inner []map[string]any
	for _, child := range list {
		if m, ok := child.(map[string]any); ok {
			inner = append(inner, m)
		}
	}
	return inner
}

func galleryItems(comp map[string]any) []map[string]any {
	list, _ := comp["items"].([]any)
	items := []map[string]any{}
	for _, raw := range list {
		item, ok := raw.(map[string]any)
		if !ok {
			continue
		}
		media, _ := item["media"].(map[string]any)
		again := only(item, "description", "spoiler")
		again["media"] = only(media, "url")
		items = append(items, again)
	}
	return items
}

func only(comp map[string]any, names ...string) map[string]any {
	kept := map[string]any{}
	for _, name := range names {
		if value, ok := comp[name]; ok && value != nil {
			kept[name] = value
		}
	}
	return kept
}
