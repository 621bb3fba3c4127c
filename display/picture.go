package display

import (
	"bytes"
	"fmt"
	"image"
	"image/png"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	_ "gonum.org/v1/plot/vg/vgsvg" // the SVG writer of plots
)

// The size of a plot in a notebook.
const (
	plotWidth  = 15 * vg.Centimeter
	plotHeight = 10 * vg.Centimeter
)

// pictures renders plots as SVG and images as PNG.
func pictures(v any) (Bundle, bool) {
	switch p := v.(type) {
	case *plot.Plot:
		writer, err := p.WriterTo(plotWidth, plotHeight, "svg")
		if err != nil {
			return plainBundle("a plot that cannot be drawn: " + err.Error()), true
		}
		var b bytes.Buffer
		if _, err := writer.WriteTo(&b); err != nil {
			return plainBundle("a plot that cannot be drawn: " + err.Error()), true
		}
		return Bundle{Data: map[string]any{MIMESVG: b.String(), MIMEText: plotText(p)}}, true
	case image.Image:
		var b bytes.Buffer
		size := p.Bounds().Size()
		text := fmt.Sprintf("<image, %d×%d pixels>", size.X, size.Y)
		if err := png.Encode(&b, p); err != nil {
			return plainBundle(text), true
		}
		return Bundle{Data: map[string]any{MIMEPNG: encode(b.Bytes()), MIMEText: text}}, true
	}
	return Bundle{}, false
}

func plotText(p *plot.Plot) string {
	if p.Title.Text == "" {
		return "<plot>"
	}
	return "<plot: " + p.Title.Text + ">"
}
