// Command generate draws Nabla's logo, a ∇ in Go's blue, as the SVG and the two
// PNG files of the kernelspec folder. Run it with `go generate ./install`.
package main

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"log"
	"os"
	"path/filepath"
)

// point is a corner on the 64 by 64 drawing board.
type point struct{ x, y float64 }

// The sign is an outer triangle with its point down, less an inner one. The
// inner one sits to the left, so that the right stroke is the heavy one, as in
// print.
var (
	outer = []point{{3, 8}, {61, 8}, {32, 60}}
	inner = []point{{11, 15}, {44, 15}, {28.5, 45}}
	blue  = color.NRGBA{0, 125, 156, 255}
)

func main() {
	folder := "nabla"
	if len(os.Args) > 1 {
		folder = os.Args[1]
	}
	for name, content := range map[string]func(string) error{
		"logo-svg.svg":   writeSVG,
		"logo-32x32.png": func(path string) error { return writePNG(path, 32) },
		"logo-64x64.png": func(path string) error { return writePNG(path, 64) },
	} {
		if err := content(filepath.Join(folder, name)); err != nil {
			log.Fatal(err)
		}
	}
}

// writeSVG writes the sign as one path with two rings.
func writeSVG(path string) error {
	ring := func(corners []point) string {
		text := ""
		for i, p := range corners {
			command := "L"
			if i == 0 {
				command = "M"
			}
			text += fmt.Sprintf("%s%g %g", command, p.x, p.y)
		}
		return text + "Z"
	}
	text := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64">
<title>Nabla</title>
<path fill="#%02x%02x%02x" fill-rule="evenodd" d="%s%s"/>
</svg>
`, blue.R, blue.G, blue.B, ring(outer), ring(inner))
	return os.WriteFile(path, []byte(text), 0o644)
}

// writePNG draws the sign with size by size points; each point's opacity is the
// share of 16 by 16 samples that lie in the sign.
func writePNG(path string, size int) error {
	const samples = 16
	picture := image.NewNRGBA(image.Rect(0, 0, size, size))
	scale := 64 / float64(size)
	for y := range size {
		for x := range size {
			hits := 0
			for i := range samples * samples {
				p := point{
					(float64(x) + (float64(i%samples)+0.5)/samples) * scale,
					(float64(y) + (float64(i/samples)+0.5)/samples) * scale,
				}
				if inside(outer, p) && !inside(inner, p) {
					hits++
				}
			}
			ink := blue
			ink.A = uint8(hits * 255 / (samples * samples))
			if hits == 0 {
				ink = color.NRGBA{}
			}
			picture.SetNRGBA(x, y, ink)
		}
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := png.Encode(file, picture); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

// inside tells whether p lies in the convex polygon with the given corners.
func inside(corners []point, p point) bool {
	for i, a := range corners {
		b := corners[(i+1)%len(corners)]
		if (b.x-a.x)*(p.y-a.y)-(b.y-a.y)*(p.x-a.x) < 0 {
			return false
		}
	}
	return true
}
