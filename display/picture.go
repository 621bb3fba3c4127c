package display

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif"  // sizes of pictures
	_ "image/jpeg" // sizes of pictures
	"image/png"
	"regexp"
	"sync"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// The size of a plot in a notebook. It is drawn with twice as many pixels as
// it is wide on the page, which makes it sharp on every screen, and on white,
// which keeps its axes readable on a dark page.
const (
	plotWidth    = 16 * vg.Centimeter
	plotHeight   = 10.5 * vg.Centimeter
	dotsPerInch  = 192
	pagePerInch  = 96
	maxPagePixel = 1 << 15 // of one side of an image that is sent
)

// pictures renders plots and images as PNG.
func pictures(v any) (Bundle, bool) {
	switch p := v.(type) {
	case *plot.Plot:
		return drawn(p)
	case image.Rectangle, *image.Uniform: // images by their methods: a region and a colour
		return Bundle{}, false
	case image.Image:
		return imageBundle(p)
	}
	return Bundle{}, false
}

func drawn(p *plot.Plot) (Bundle, bool) {
	canvas := vgimg.NewWith(vgimg.UseWH(plotWidth, plotHeight), vgimg.UseDPI(dotsPerInch))
	p.Draw(draw.New(canvas))
	var b bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: canvas}).WriteTo(&b); err != nil {
		return plainBundle("a plot that cannot be drawn: " + err.Error()), true
	}
	size := canvas.Image().Bounds().Size().Mul(pagePerInch).Div(dotsPerInch)
	text := fmt.Sprintf("[plot, %d×%d]", size.X, size.Y)
	if p.Title.Text != "" {
		text = fmt.Sprintf("[plot %q, %d×%d]", p.Title.Text, size.X, size.Y)
	}
	return Bundle{
		Data: map[string]any{MIMEPNG: encode(b.Bytes()), MIMEText: text},
		// Written as a front end reads it back from a file: plain numbers.
		Metadata: map[string]any{MIMEPNG: map[string]any{"width": size.X, "height": size.Y}},
	}, true
}

func imageBundle(m image.Image) (Bundle, bool) {
	size := m.Bounds().Size()
	text := fmt.Sprintf("[image, %d×%d]", size.X, size.Y)
	if m.Bounds().Empty() {
		return plainBundle(text), true
	}
	if max(size.X, size.Y) > maxPagePixel {
		return plainBundle(text + " too large to be shown; show a part of it (SubImage)"), true
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		return plainBundle(text + " that cannot be shown: " + err.Error()), true
	}
	return Bundle{Data: map[string]any{MIMEPNG: encode(b.Bytes()), MIMEText: text}}, true
}

// rasterSize says how large an encoded image is, "" when it cannot be read.
func rasterSize(data []byte) string {
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return ""
	}
	return fmt.Sprintf(", %d×%d", c.Width, c.Height)
}

var svgLengths = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s)<svg\b[^>]*?\bwidth="([\d.]+)[a-z]*"[^>]*?\bheight="([\d.]+)[a-z]*"`)
})

func svgSize(source string) string {
	if m := svgLengths().FindStringSubmatch(source); m != nil {
		return ", " + m[1] + "×" + m[2]
	}
	return ""
}
