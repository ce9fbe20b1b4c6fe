// Package browsertest opens pages in a browser, for tests: Debian's chromium, without a
// window. A test binary has one browser, which Main starts when the first page asks for
// it and ends after the last test; each page is a tab with storage of its own.
//
// A page that is opened from disk has no network. Whatever it asks for all the same,
// says on its console or throws fails its test.
package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"github.com/gwbench/gwbench/internal/required"
)

// shared is the browser of the test binary.
var shared struct {
	sync.Mutex
	ctx  context.Context // nil: not started
	stop func()
	err  error // why it cannot start
}

// Main runs a package's tests, and ends the browser where they started one:
//
//	func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }
func Main(m *testing.M) int {
	defer func() {
		shared.Lock()
		defer shared.Unlock()
		if shared.stop != nil {
			shared.stop()
		}
	}()
	return m.Run()
}

// start returns the browser's context. Without chromium the test is skipped, or fails
// where package required says so.
func start(t testing.TB) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		required.Missing(t, "chromium is not installed: run scripts/install-servers")
	}
	shared.Lock()
	defer shared.Unlock()
	if shared.ctx == nil && shared.err == nil {
		shared.err = launch(path)
	}
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.ctx
}

// launch starts chromium with a profile that is nobody's, and that keeps it from asking
// the network for anything of its own.
func launch(path string) error {
	profile, err := os.MkdirTemp("", "gwbench-browser-")
	if err != nil {
		return err
	}
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.UserDataDir(profile),
		chromedp.Headless, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
	}
	for _, flag := range []string{
		"disable-background-networking", "disable-component-update", "disable-sync", "disable-default-apps", "disable-extensions",
		"disable-breakpad", "disable-dev-shm-usage", "disable-renderer-backgrounding", "disable-backgrounding-occluded-windows", "metrics-recording-only",
	} {
		options = append(options, chromedp.Flag(flag, true))
	}
	// Each window has processes of its own for what the bar of addresses would show,
	// which cost more than most pages do.
	options = append(options, chromedp.Flag("disable-features", "PreloadTopChromeWebUI,WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup"))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // which chromium refuses to root
	}
	allocator, release := chromedp.NewExecAllocator(context.Background(), options...)
	// The protocol's newest events, which the library does not know, are not ours.
	ctx, cancel := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	stop := func() {
		// Cancel asks the browser to close; release waits until its process has ended.
		err := chromedp.Cancel(ctx)
		cancel()
		release()
		if err := errors.Join(err, os.RemoveAll(profile)); err != nil {
			fmt.Fprintln(os.Stderr, "browsertest:", err)
		}
	}
	if err := chromedp.Do(ctx); err != nil {
		stop()
		return fmt.Errorf("start %s: %w", path, err)
	}
	shared.ctx, shared.stop = ctx, stop
	return nil
}

// newTab opens a tab with storage of its own, until the test ends. It hears the events of
// its page from the first one on.
func newTab(t testing.TB, parent context.Context, hear func(event any)) context.Context {
	t.Helper()
	// Disposing of its storage closes a tab. The library's own way looks again and again
	// whether that has come to pass.
	ctx, detach := chromedp.NewContext(parent, chromedp.WithNewBrowserContext(), chromedp.WithDetachOnCancel(), chromedp.WithListener(hear))
	t.Cleanup(func() {
		detach()
		storage := chromedp.FromContext(ctx).BrowserContextID
		if storage == "" {
			return
		}
		if _, err := chromedp.CallBrowser(parent, target.DisposeBrowserContext, target.DisposeBrowserContextParams{BrowserContextID: storage}); err != nil {
			t.Error(err)
		}
	})
	// The tab lives as long as the context of its first command.
	impatient := time.AfterFunc(patience, detach)
	defer impatient.Stop()
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}
