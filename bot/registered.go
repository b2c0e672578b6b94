package bot

import (
	"maps"
	"slices"
)

// Views names the registered views, in alphabetical order.
func (m *Mux) Views() []string { return slices.Sorted(maps.Keys(m.views)) }

// Forms names what opens a form, in alphabetical order: "/draft" for a command,
// "draft.edit" for an action.
func (m *Mux) Forms() []string {
	var names []string
	for name, route := range m.commands {
		if route.Bare.Form != nil || route.With.Form != nil {
			names = append(names, "/"+name)
		}
	}
	for name, route := range m.actions {
		if route.Shape.Form != nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
