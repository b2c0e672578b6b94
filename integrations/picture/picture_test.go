package picture_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/tiff"

	"crieur/integrations/picture"
)

// noise is a picture that compresses badly, with its left half red.
func noise(width, height int) *image.NRGBA {
	random := rand.New(rand.NewPCG(1, 2))
	made := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.NRGBA{uint8(random.IntN(60)), uint8(random.IntN(60)), uint8(random.IntN(60)), 255}
			if x < width/2 {
				c.R = 255
			}
			made.Set(x, y, c)
		}
	}
	return made
}

func asPNG(t *testing.T, picture image.Image) []byte {
	t.Helper()
	var made bytes.Buffer
	if err := png.Encode(&made, picture); err != nil {
		t.Fatal(err)
	}
	return made.Bytes()
}

func TestLighter(t *testing.T) {
	heavy := asPNG(t, noise(2400, 1200))
	if len(heavy) <= picture.Light {
		t.Fatalf("the picture has only %d bytes", len(heavy))
	}
	light, err := picture.Lighter(heavy)
	if err != nil {
		t.Fatal(err)
	}
	shown, kind, err := image.Decode(bytes.NewReader(light))
	if err != nil || kind != "jpeg" || len(light) > picture.Light {
		t.Fatalf("%d bytes of %s, %v", len(light), kind, err)
	}
	if size := shown.Bounds().Size(); size.X != 2*size.Y || size.X < 800 {
		t.Errorf("of another shape: %v", size)
	}
}

// TestRightWayUp: a camera that was held upright says so beside the points.
func TestRightWayUp(t *testing.T) {
	var made bytes.Buffer
	if err := jpeg.Encode(&made, noise(64, 32), nil); err != nil {
		t.Fatal(err)
	}
	exif := []byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00")
	segment := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	turned := append(append(bytes.Clone(made.Bytes()[:2]), segment...), made.Bytes()[2:]...)
	light, err := picture.Lighter(turned)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := jpeg.Decode(bytes.NewReader(light))
	if err != nil {
		t.Fatal(err)
	}
	top, _, _, _ := shown.At(16, 8).RGBA()
	bottom, _, _, _ := shown.At(16, 56).RGBA()
	if size := shown.Bounds().Size(); size != image.Pt(32, 64) || top < 0x8000 || bottom > 0x8000 {
		t.Errorf("size %v, red above %x, below %x", size, top, bottom)
	}
	if bytes.Contains(light, []byte("Exif")) {
		t.Error("what the camera noted is still there")
	}
}

// TestTransparent is white there, as on most screens.
func TestTransparent(t *testing.T) {
	light, err := picture.Lighter(asPNG(t, image.NewNRGBA(image.Rect(0, 0, 8, 8))))
	if err != nil {
		t.Fatal(err)
	}
	shown, err := jpeg.Decode(bytes.NewReader(light))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := shown.At(4, 4).RGBA(); min(r, g, b) < 0xf000 {
		t.Errorf("shown as %x %x %x", r, g, b)
	}
}

func TestHostilePictures(t *testing.T) {
	for name, data := range map[string][]byte{"nothing": nil, "words": []byte("<svg/>"), "a TIFF": tiffed(t), "cut": asPNG(t, noise(64, 64))[:200]} {
		if _, err := picture.Lighter(data); err == nil {
			t.Errorf("%s became a picture", name)
		}
	}
	bomb := asPNG(t, image.NewGray(image.Rect(0, 0, 1, 1)))
	binary.BigEndian.PutUint32(bomb[16:], 50_000) // its head says how large it is
	binary.BigEndian.PutUint32(bomb[20:], 50_000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	if _, err := picture.Lighter(bomb); !errors.Is(err, picture.ErrTooMany) {
		t.Errorf("a bomb: %v", err)
	}
}

func tiffed(t *testing.T) []byte {
	t.Helper()
	var made bytes.Buffer
	if err := tiff.Encode(&made, noise(4, 4), nil); err != nil {
		t.Fatal(err)
	}
	return made.Bytes()
}

func FuzzLighter(f *testing.F) {
	var made bytes.Buffer
	if err := png.Encode(&made, noise(8, 8)); err != nil {
		f.Fatal(err)
	}
	f.Add(made.Bytes())
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if light, err := picture.Lighter(data); err == nil && len(light) > picture.Light {
			t.Errorf("%d bytes", len(light))
		}
	})
}

func BenchmarkLighter(b *testing.B) {
	var made bytes.Buffer
	if err := jpeg.Encode(&made, noise(4000, 3000), nil); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(made.Len()))
	for b.Loop() {
		if _, err := picture.Lighter(made.Bytes()); err != nil {
			b.Fatal(err)
		}
	}
}
