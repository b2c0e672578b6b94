package measure

import (
	"strings"
	"unicode/utf8"
)

const (
	joiner       = '\u200D'
	textStyle    = '\uFE0E'
	emojiStyle   = '\uFE0F'
	keycap       = '\u20E3'
	blackFlag    = '\U0001F3F4'
	tagFirst     = '\U000E0020'
	tagLast      = '\U000E007E'
	tagEnd       = '\U000E007F'
	regionA      = '\U0001F1E6'
	regionZ      = '\U0001F1FF'
	lightestSkin = '\U0001F3FB'
	darkestSkin  = '\U0001F3FF'
)

// emoji returns the size in bytes of the emoji that text begins with, 0 if it
// begins with none. Sequences (keycaps, flags, skin tones, what joiners tie
// together) are one emoji, as Unicode technical standard 51 has them; of joined
// sequences any is taken, not only those that fonts have a picture for.
func emoji(text string) int {
	r, size := utf8.DecodeRuneInString(text)
	switch {
	case r < utf8.RuneSelf:
		if r == '#' || r == '*' || r >= '0' && r <= '9' {
			return keycapSize(text)
		}
		return 0
	case r >= regionA && r <= regionZ:
		return flagSize(text)
	case r == blackFlag:
		if tagged := tagsSize(text[size:]); tagged > 0 {
			return size + tagged
		}
	}
	total := emojiElement(text)
	for total > 0 && strings.HasPrefix(text[total:], "\u200D") {
		next := emojiElement(text[total+len("\u200D"):])
		if next == 0 {
			break
		}
		total += len("\u200D") + next
	}
	return total
}

// emojiElement is one pictograph with its style or skin tone.
func emojiElement(text string) int {
	r, size := utf8.DecodeRuneInString(text)
	if r >= lightestSkin && r <= darkestSkin {
		return size
	}
	if r < 0xA9 || !in(pictographs, r) {
		return 0
	}
	next, nextSize := utf8.DecodeRuneInString(text[size:])
	switch {
	case next == textStyle && !in(coloured, r):
		return 0
	case next >= lightestSkin && next <= darkestSkin && in(skinned, r):
		return size + nextSize
	case next == emojiStyle && !in(coloured, r):
		size += nextSize
		tone, toneSize := utf8.DecodeRuneInString(text[size:])
		if tone >= lightestSkin && tone <= darkestSkin && in(skinned, r) {
			size += toneSize
		}
		return size
	case r <= 0xAE || r == 0x2122:
		return 0 // ©, ® and ™ are text unless styled as emoji
	}
	return size
}

func keycapSize(text string) int {
	size := 1
	if r, n := utf8.DecodeRuneInString(text[size:]); r == emojiStyle {
		size += n
	}
	if r, n := utf8.DecodeRuneInString(text[size:]); r == keycap {
		return size + n
	}
	return 0
}

// flagSize is that of a flag, or of one letter of a pair that is no flag.
func flagSize(text string) int {
	first, size := utf8.DecodeRuneInString(text)
	second, n := utf8.DecodeRuneInString(text[size:])
	if second >= regionA && second <= regionZ &&
		strings.IndexByte(flags[first-regionA], byte('A'+second-regionA)) >= 0 {
		return size + n
	}
	return size
}

// tagsSize is that of the tags that make England's flag of a black one.
func tagsSize(text string) int {
	for i, r := range text {
		if r == tagEnd && i > 0 {
			return i + utf8.RuneLen(r)
		}
		if r < tagFirst || r > tagLast {
			return 0
		}
	}
	return 0
}

type span struct{ first, last rune }

// in searches a sorted table.
func in(table []span, r rune) bool {
	low, high := 0, len(table)
	for low < high {
		middle := (low + high) / 2
		switch {
		case r < table[middle].first:
			high = middle
		case r > table[middle].last:
			low = middle + 1
		default:
			return true
		}
	}
	return false
}

// pictographs are the code points with the property Extended_Pictographic,
// of which some are reserved for emoji to come (Unicode 15).
var pictographs = []span{
	{0xA9, 0xA9}, {0xAE, 0xAE}, {0x203C, 0x203C}, {0x2049, 0x2049}, {0x2122, 0x2122}, {0x2139, 0x2139},
	{0x2194, 0x2199}, {0x21A9, 0x21AA}, {0x231A, 0x231B}, {0x2328, 0x2328}, {0x2388, 0x2388}, {0x23CF, 0x23CF},
	{0x23E9, 0x23F3}, {0x23F8, 0x23FA}, {0x24C2, 0x24C2}, {0x25AA, 0x25AB}, {0x25B6, 0x25B6}, {0x25C0, 0x25C0},
	{0x25FB, 0x25FE}, {0x2600, 0x2605}, {0x2607, 0x2612}, {0x2614, 0x2685}, {0x2690, 0x2705}, {0x2708, 0x2712},
	{0x2714, 0x2714}, {0x2716, 0x2716}, {0x271D, 0x271D}, {0x2721, 0x2721}, {0x2728, 0x2728}, {0x2733, 0x2734},
	{0x2744, 0x2744}, {0x2747, 0x2747}, {0x274C, 0x274C}, {0x274E, 0x274E}, {0x2753, 0x2755}, {0x2757, 0x2757},
	{0x2763, 0x2767}, {0x2795, 0x2797}, {0x27A1, 0x27A1}, {0x27B0, 0x27B0}, {0x27BF, 0x27BF}, {0x2934, 0x2935},
	{0x2B05, 0x2B07}, {0x2B1B, 0x2B1C}, {0x2B50, 0x2B50}, {0x2B55, 0x2B55}, {0x3030, 0x3030}, {0x303D, 0x303D},
	{0x3297, 0x3297}, {0x3299, 0x3299}, {0x1F000, 0x1F0FF}, {0x1F10D, 0x1F10F}, {0x1F12F, 0x1F12F},
	{0x1F16C, 0x1F171}, {0x1F17E, 0x1F17F}, {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F1AD, 0x1F1E5},
	{0x1F201, 0x1F20F}, {0x1F21A, 0x1F21A}, {0x1F22F, 0x1F22F}, {0x1F232, 0x1F23A}, {0x1F23C, 0x1F23F},
	{0x1F249, 0x1F3FA}, {0x1F400, 0x1F53D}, {0x1F546, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F774, 0x1F77F},
	{0x1F7D5, 0x1F7FF}, {0x1F80C, 0x1F80F}, {0x1F848, 0x1F84F}, {0x1F85A, 0x1F85F}, {0x1F888, 0x1F88F},
	{0x1F8AE, 0x1F8FF}, {0x1F90C, 0x1F93A}, {0x1F93C, 0x1F945}, {0x1F947, 0x1FAFF}, {0x1FC00, 0x1FFFD},
}

// coloured are the code points that are emoji without a style after them
// (Emoji_Presentation): X counts one that follows all the same.
var coloured = []span{
	{0x231A, 0x231B}, {0x23E9, 0x23EC}, {0x23F0, 0x23F0}, {0x23F3, 0x23F3}, {0x25FD, 0x25FE}, {0x2614, 0x2615},
	{0x2648, 0x2653}, {0x267F, 0x267F}, {0x2693, 0x2693}, {0x26A1, 0x26A1}, {0x26AA, 0x26AB}, {0x26BD, 0x26BE},
	{0x26C4, 0x26C5}, {0x26CE, 0x26CE}, {0x26D4, 0x26D4}, {0x26EA, 0x26EA}, {0x26F2, 0x26F3}, {0x26F5, 0x26F5},
	{0x26FA, 0x26FA}, {0x26FD, 0x26FD}, {0x2705, 0x2705}, {0x270A, 0x270B}, {0x2728, 0x2728}, {0x274C, 0x274C},
	{0x274E, 0x274E}, {0x2753, 0x2755}, {0x2757, 0x2757}, {0x2795, 0x2797}, {0x27B0, 0x27B0}, {0x27BF, 0x27BF},
	{0x2B1B, 0x2B1C}, {0x2B50, 0x2B50}, {0x2B55, 0x2B55}, {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF},
	{0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F1E6, 0x1F1FF}, {0x1F201, 0x1F201}, {0x1F21A, 0x1F21A},
	{0x1F22F, 0x1F22F}, {0x1F232, 0x1F236}, {0x1F238, 0x1F23A}, {0x1F250, 0x1F251}, {0x1F300, 0x1F320},
	{0x1F32D, 0x1F335}, {0x1F337, 0x1F37C}, {0x1F37E, 0x1F393}, {0x1F3A0, 0x1F3CA}, {0x1F3CF, 0x1F3D3},
	{0x1F3E0, 0x1F3F0}, {0x1F3F4, 0x1F3F4}, {0x1F3F8, 0x1F43E}, {0x1F440, 0x1F440}, {0x1F442, 0x1F4FC},
	{0x1F4FF, 0x1F53D}, {0x1F54B, 0x1F54E}, {0x1F550, 0x1F567}, {0x1F57A, 0x1F57A}, {0x1F595, 0x1F596},
	{0x1F5A4, 0x1F5A4}, {0x1F5FB, 0x1F64F}, {0x1F680, 0x1F6C5}, {0x1F6CC, 0x1F6CC}, {0x1F6D0, 0x1F6D2},
	{0x1F6D5, 0x1F6D7}, {0x1F6DC, 0x1F6DF}, {0x1F6EB, 0x1F6EC}, {0x1F6F4, 0x1F6FC}, {0x1F7E0, 0x1F7EB},
	{0x1F7F0, 0x1F7F0}, {0x1F90C, 0x1F93A}, {0x1F93C, 0x1F945}, {0x1F947, 0x1F9FF}, {0x1FA70, 0x1FA7C},
	{0x1FA80, 0x1FA88}, {0x1FA90, 0x1FABD}, {0x1FABF, 0x1FAC5}, {0x1FACE, 0x1FADB}, {0x1FAE0, 0x1FAE8},
	{0x1FAF0, 0x1FAF8},
}

// skinned are the pictographs that take a skin tone (Emoji_Modifier_Base).
var skinned = []span{
	{0x261D, 0x261D}, {0x26F9, 0x26F9}, {0x270A, 0x270D}, {0x1F385, 0x1F385}, {0x1F3C2, 0x1F3C4},
	{0x1F3C7, 0x1F3C7}, {0x1F3CA, 0x1F3CC}, {0x1F442, 0x1F443}, {0x1F446, 0x1F450}, {0x1F466, 0x1F478},
	{0x1F47C, 0x1F47C}, {0x1F481, 0x1F483}, {0x1F485, 0x1F487}, {0x1F48F, 0x1F48F}, {0x1F491, 0x1F491},
	{0x1F4AA, 0x1F4AA}, {0x1F574, 0x1F575}, {0x1F57A, 0x1F57A}, {0x1F590, 0x1F590}, {0x1F595, 0x1F596},
	{0x1F645, 0x1F647}, {0x1F64B, 0x1F64F}, {0x1F6A3, 0x1F6A3}, {0x1F6B4, 0x1F6B6}, {0x1F6C0, 0x1F6C0},
	{0x1F6CC, 0x1F6CC}, {0x1F90C, 0x1F90C}, {0x1F90F, 0x1F90F}, {0x1F918, 0x1F91F}, {0x1F926, 0x1F926},
	{0x1F930, 0x1F939}, {0x1F93C, 0x1F93E}, {0x1F977, 0x1F977}, {0x1F9B5, 0x1F9B6}, {0x1F9B8, 0x1F9B9},
	{0x1F9BB, 0x1F9BB}, {0x1F9CD, 0x1F9CF}, {0x1F9D1, 0x1F9DD}, {0x1FAC3, 0x1FAC5}, {0x1FAF0, 0x1FAF8},
}

// flags holds, for each first letter from A to Z, the second letters of the
// region codes that have a flag: ISO 3166 and nine reserved codes.
var flags = [26]string{
	"CDEFGILMOQRSTUWXZ",
	"ABDEFGHIJLMNOQRSTVWYZ",
	"ACDFGHIKLMNOPRUVWXYZ",
	"EGJKMOZ",
	"ACEGHRSTU",
	"IJKMOR",
	"ABDEFGHILMNPQRSTUWY",
	"KMNRTU",
	"CDELMNOQRST",
	"EMOP",
	"EGHIMNPRWYZ",
	"ABCIKRSTUVY",
	"ACDEFGHKLMNOPQRSTUVWXYZ",
	"ACEFGILOPRUZ",
	"M",
	"AEFGHKLMNRSTWY",
	"A",
	"EOSUW",
	"ABCDEGHIJKLMNORSTVXYZ",
	"ACDFGHJKLMNORTVWZ",
	"AGMNSYZ",
	"ACEGINU",
	"FS",
	"K",
	"ET",
	"AMW",
}
