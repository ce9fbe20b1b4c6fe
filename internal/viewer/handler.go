package viewer

import (
	"net/http"
)

// Handler serves the list of the folder's runs, the report of each, the comparison of
// several, and the history of a metric.
func (f *Folder) Handler() http.Handler {
	pages := http.NewServeMux()
	pages.HandleFunc("/{$}", show(f.listPage))
	pages.HandleFunc("/run", show(f.runPage))
	pages.HandleFunc("/compare", show(f.comparePage))
	pages.HandleFunc("/history", show(f.historyPage))
	pages.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { refuse(w, http.StatusNotFound) })
	return pages
}
