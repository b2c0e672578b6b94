package brand

import (
	"maps"
	"slices"
	"strings"
)

func sortedKeys(handles map[string]string) []string {
	return slices.Sorted(maps.Keys(handles))
}

// splitHandle parts "slack:T1" into its platform and team.
func splitHandle(key string) (platform, team string) {
	platform, team, _ = strings.Cut(key, ":")
	return platform, team
}
