package plots

import (
	"bytes"
	"image/color"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/internal/summary/summarytest"
)

func TestSVGElements(t *testing.T) {
	for name, tt := range map[string]struct {
		draw func(draw.Canvas)
		want string
	}{
		"a line": {
			func(c draw.Canvas) { c.StrokeLine2(draw.LineStyle{Color: ink, Width: 1}, 1, 2, 30.04, 2) },
			`<path fill="none" stroke="var(--ink,#222222)" d="M1 98h29"/>`,
		},
		"lines of one style": {
			func(c draw.Canvas) {
				c.StrokeLine2(draw.LineStyle{Color: ink, Width: 0.5}, 1, 2, 1, 4)
				c.StrokeLine2(draw.LineStyle{Color: ink, Width: 0.5}, 5, 2, 6, 3)
			},
			`<path fill="none" stroke="var(--ink,#222222)" stroke-width=".5" d="M1 98v-2M5 98l1-1"/>`,
		},
		"dots of one style": {
			func(c draw.Canvas) {
				glyph := draw.GlyphStyle{Color: tint(httpBlue, 0.5), Radius: 1.8, Shape: draw.CircleGlyph{}}
				c.DrawGlyph(glyph, vg.Point{X: 10, Y: 10})
				c.DrawGlyph(glyph, vg.Point{X: 20, Y: 10})
			},
			`<g fill="var(--http,#0072B2)" fill-opacity=".5">
<circle cx="10" cy="90" r="1.8"/>
<circle cx="20" cy="90" r="1.8"/>
</g>`,
		},
		"a colour without a name": {
			func(c draw.Canvas) { c.FillPolygon(color.White, corners(vg.Rectangle{Max: vg.Point{X: 10, Y: 10}})) },
			`<path fill="#FFFFFF" d="M0 100h10v-10h-10z"/>`,
		},
		"text": {
			func(c draw.Canvas) { c.FillText(boldStyle(10, muted), vg.Point{X: 10, Y: 10}, `<a> & "b"`) },
			`<text fill="var(--muted,#666666)" font-size="10" font-weight="bold" x="10" y="94.6" textLength="45.6" lengthAdjust="spacingAndGlyphs">&lt;a&gt; &amp; &#34;b&#34;</text>`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newSVGCanvas(100, 100, true)
			tt.draw(draw.New(c))
			if got := strings.TrimSpace(string(c.elements())); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestTurnedTextOfAnSVG(t *testing.T) {
	c := newSVGCanvas(100, 100, false)
	style := textStyle(10, ink)
	style.Rotation = math.Pi / 2
	canvas := draw.New(c)
	canvas.FillText(style, vg.Point{X: 50, Y: 20}, "upwards")
	if got := string(c.elements()); !strings.Contains(got, `y="80" transform="rotate(-90 `) {
		t.Errorf("text that begins 20 points above the bottom and runs upwards: %s", got)
	}
}

func TestNumbersOfAnSVGAreShortAndTrue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(-1e5, 1e5).Draw(t, "v")
		decimals := rapid.IntRange(0, 3).Draw(t, "decimals")
		text := number(v, decimals)
		got, err := strconv.ParseFloat(text, 64)
		if err != nil || math.Abs(got-v) > 0.5*math.Pow(10, -float64(decimals))+1e-9 {
			t.Fatalf("%v is written as %q", v, text)
		}
		if text == "-0" || strings.HasPrefix(text, "0.") || strings.Contains(text, ".") && strings.HasSuffix(text, "0") {
			t.Fatalf("%q has a zero too many", text)
		}
	})
}

// TestPicturesRenderAtOnce is of use with the race detector.
func TestPicturesRenderAtOnce(t *testing.T) {
	pictures := picturesOf(withUsage(summarytest.Hello(t)))
	formats := []func(Picture) ([]byte, error){
		Picture.SVG, Picture.PNG, Picture.PDF,
		func(p Picture) ([]byte, error) { return p.Inline(Wide) },
		func(p Picture) ([]byte, error) { return p.Inline(Narrow) },
	}
	var all sync.WaitGroup
	for _, p := range pictures[:3] {
		for i, format := range formats {
			results := make([][]byte, 2)
			var both sync.WaitGroup
			for n := range results {
				both.Go(func() {
					var err error
					if results[n], err = format(p); err != nil {
						t.Error(err)
					}
				})
			}
			all.Go(func() {
				both.Wait()
				if !bytes.Equal(results[0], results[1]) {
					t.Errorf("%s: format %d differs from one rendering to the next", p.Name, i)
				}
			})
		}
	}
	all.Wait()
}

// TestNoNumberSeesAllNumbers that pictures are made of.
func TestNoNumberSeesAllNumbers(t *testing.T) {
	numbers := regexp.MustCompile(`([a-zA-Z0-9-]+)="(?:[a-zA-Z]+[ (])?-?[0-9.]+[^"]*"`)
	seen := map[string]bool{}
	for _, p := range picturesOf(withUsage(summarytest.Hello(t))) {
		svg, err := p.SVG()
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range numbers.FindAllSubmatch(svg, -1) {
			name := string(found[1])
			if name == "version" || seen[name] {
				continue
			}
			seen[name] = true
			if broken := name + `="1 NaN"`; summarytest.NoNumber([]byte(" "+broken)) == "" {
				t.Errorf("it does not see %s, as in %.100s", broken, found[0])
			}
		}
	}
	if len(seen) < 6 {
		t.Errorf("numbers in %v alone", seen)
	}
	for _, fine := range []string{`<text x="1">NaN</text>`, `<svg aria-label="Inf" x="1"/>`, `data-x="1" class="NaN"`, `NaN`} {
		if found := summarytest.NoNumber([]byte(fine)); found != "" {
			t.Errorf("it sees %q in %s", found, fine)
		}
	}
}
