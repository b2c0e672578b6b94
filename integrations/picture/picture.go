// Package picture makes a lighter copy of a picture, for networks that take less
// than what people have: Bluesky refuses an image of more than a million bytes,
// which is less than a telephone's. It does not know where pictures are kept nor
// which network takes what.
package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // DecodeConfig knows what imaging decodes
	_ "image/png"
	"slices"

	"github.com/disintegration/imaging"
	_ "golang.org/x/image/webp" // decoded like the others
)

const (
	// Light is the size of a lighter copy, in bytes: what Bluesky takes.
	Light = 1_000_000
	// mostPoints bounds what is decoded: a small file can hold a huge picture.
	mostPoints = 60_000_000
)

// ErrTooMany says that a picture has more points than are worth decoding.
var ErrTooMany = errors.New("too many points")

// Lighter is a JPEG of at most Light bytes that shows the same, the right way up
// and without what a camera noted of the place: as large and as good as fits.
func Lighter(data []byte) ([]byte, error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read picture: %w", err)
	}
	if !slices.Contains([]string{"jpeg", "png", "gif", "webp"}, format) { // imaging would try others
		return nil, fmt.Errorf("read picture as %s: %w", format, image.ErrFormat)
	}
	if config.Width*config.Height > mostPoints {
		return nil, fmt.Errorf("read picture of %d × %d: %w", config.Width, config.Height, ErrTooMany)
	}
	full, err := imaging.Decode(bytes.NewReader(data), imaging.AutoOrientation(true))
	if err != nil {
		return nil, fmt.Errorf("read picture: %w", err)
	}
	for _, longest := range []int{2000, 1600, 1200, 800} {
		fitted := imaging.Fit(full, longest, longest, imaging.Lanczos)
		for _, quality := range []int{90, 80, 70} {
			var made bytes.Buffer
			if err := imaging.Encode(&made, opaque(fitted), imaging.JPEG, imaging.JPEGQuality(quality)); err != nil {
				return nil, fmt.Errorf("write picture: %w", err)
			}
			if made.Len() <= Light {
				return made.Bytes(), nil
			}
		}
	}
	return nil, fmt.Errorf("make a picture of %d bytes: %w", Light, ErrTooMany)
}

// opaque puts a picture on white: JPEG shows what is transparent as black.
func opaque(picture image.Image) image.Image {
	size := picture.Bounds().Size()
	return imaging.Overlay(imaging.New(size.X, size.Y, image.White), picture, image.Point{}, 1)
}
