package regress

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// A Figure is a picture as SVG, readable on light and dark backgrounds.
// Beside it there is a PNG for readers that do not show SVG, as JupyterLab does
// not before a notebook is trusted.
type Figure struct{ svg, png string }

// SVG is the picture's source.
func (f *Figure) SVG() string { return f.svg }

// PNG is the picture as PNG; empty in Chinese.
func (f *Figure) PNG() []byte { return []byte(f.png) }

// String says what the picture is in a terminal.
func (f *Figure) String() string { return fmt.Sprintf("<SVG figure, %d bytes>", len(f.svg)) }

// Colours with enough contrast on white and on JupyterLab's dark grey.
var (
	ink    = color.NRGBA{0x77, 0x77, 0x77, 0xff}
	points = color.NRGBA{0x2f, 0x86, 0xd6, 0xc0}
	accent = color.NRGBA{0xe0, 0x5a, 0x47, 0xff}
	shade  = color.NRGBA{0x2f, 0x86, 0xd6, 0x40}
	series = []color.NRGBA{{0x2f, 0x86, 0xd6, 255}, {0xe0, 0x5a, 0x47, 255}, {0x3d, 0xa3, 0x5d, 255}, {0xb0, 0x7a, 0xd6, 255},
		{0xd6, 0x9a, 0x2f, 255}, {0x2f, 0xb5, 0xb5, 255}, {0xd6, 0x5f, 0xa8, 255}, {0x90, 0x90, 0x90, 255}}
)

// newPlot is a plot without background whose ink suits light and dark.
func newPlot(title, x, y string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	for _, f := range []*font.Font{&p.Title.TextStyle.Font, &p.X.Label.TextStyle.Font, &p.Y.Label.TextStyle.Font, &p.X.Tick.Label.Font, &p.Y.Tick.Label.Font, &p.Legend.TextStyle.Font} {
		f.Variant = "Sans"
	}
	p.Title.TextStyle.Color = ink
	p.Title.TextStyle.Font.Size = vg.Points(13)
	p.Title.Padding = vg.Points(6)
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Color, a.Label.TextStyle.Color, a.Tick.Color, a.Tick.Label.Color = ink, ink, ink, ink
		a.Label.TextStyle.Font.Size, a.Tick.Label.Font.Size = vg.Points(11), vg.Points(9)
		a.Padding = vg.Points(4)
		a.Tick.Marker = plot.TickerFunc(roundTicks)
	}
	p.Legend.TextStyle.Color = ink
	p.Legend.TextStyle.Font.Size = vg.Points(9)
	p.Legend.Padding, p.Legend.ThumbnailWidth, p.Legend.Top = vg.Points(3), vg.Points(34), true
	return p
}

// figure draws the plot, with some room around the data.
func figure(p *plot.Plot) *Figure {
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		room := 0.03 * (a.Max - a.Min)
		a.Min, a.Max = a.Min-room, a.Max+room
	}
	vector := vgsvg.New(figureWidth, figureHeight)
	draws(p, vector)
	var svg, raster bytes.Buffer
	_, err := vector.WriteTo(&svg)
	must(err)
	f := &Figure{svg: strings.ReplaceAll(svg.String(), "font-family:Liberation Sans", "font-family:"+families)}
	if language.Load() == 0 { // the fonts of the raster have no Chinese
		pixels := vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(figureWidth, figureHeight), vgimg.UseDPI(96), vgimg.UseBackgroundColor(color.Transparent))}
		draws(p, pixels)
		_, err = pixels.WriteTo(&raster)
		must(err)
		f.png = raster.String()
	}
	return f
}

const figureWidth, figureHeight = 420, 300 // points

func draws(p *plot.Plot, c vg.CanvasSizer) {
	p.Draw(draw.Crop(draw.New(c), 6, -10, 4, -6))
}

// families are the fonts of a figure: those of its measures, and others of the
// same widths where a reader lacks them.
const families = "Liberation Sans,Arial,Helvetica,Noto Sans CJK SC,sans-serif"

// roundTicks are four to eight marks at multiples of 1, 2 or 5 times a power of
// ten.
func roundTicks(low, high float64) []plot.Tick {
	if !(high > low) {
		return []plot.Tick{{Value: low, Label: formatShort(low)}}
	}
	step := math.Pow(10, math.Floor(math.Log10((high-low)/4)))
	for _, k := range []float64{5, 2} {
		if (high-low)/(k*step) >= 4 {
			step *= k
			break
		}
	}
	decimals := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	var ticks []plot.Tick
	for k := math.Ceil(low/step - 1e-9); k*step <= high+1e-9*step; k++ {
		v := k * step
		if k == 0 {
			v = 0
		}
		label := strconv.FormatFloat(v, 'f', decimals, 64)
		if decimals > 6 || math.Abs(v) >= 1e7 {
			label = strconv.FormatFloat(v, 'g', 4, 64)
		}
		ticks = append(ticks, plot.Tick{Value: v, Label: label})
	}
	return ticks
}

// A legendLine stands in the right half of its place in the legend, since a
// reader's font may be wider than the one that was measured.
type legendLine struct{ draw.LineStyle }

// Thumbnail draws the line.
func (l legendLine) Thumbnail(c *draw.Canvas) {
	y := c.Center().Y
	c.StrokeLine2(l.LineStyle, c.Center().X, y, c.Max.X, y)
}
