package outputs

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// InfluxDB is the database of `--out influxdb` (or of the output of its aggregates), as k6 was told it; "" when there is
// none. Arguments come before the environment, as in k6.
func InfluxDB(args []string, env func(string) string) string {
	for i, arg := range args {
		value := ""
		switch name, given, joined := strings.Cut(arg, "="); {
		case name != "--out" && name != "-o":
			continue
		case joined:
			value = given
		case i+1 < len(args):
			value = args[i+1]
		}
		if found, ok := influxdbAt(value, env); ok {
			return found
		}
	}
	for _, each := range strings.Split(env("K6_OUT"), ",") {
		if found, ok := influxdbAt(strings.TrimSpace(each), env); ok {
			return found
		}
	}
	return ""
}

func influxdbAt(out string, env func(string) string) (address string, ok bool) {
	name, address, _ := strings.Cut(out, "=")
	if name != samples && name != Aggregates {
		return "", false
	}
	if address == "" {
		address = DefaultAddress(env)
	}
	return address, true
}

// DefaultAddress is where the database is when --out does not say it.
func DefaultAddress(env func(string) string) string {
	return cmp.Or(env("K6_INFLUXDB_ADDR"), "http://localhost:8086")
}

// Database is where and how to write.
type Database struct{ Server, Name, User, Password string }

// DatabaseAt reads an address as k6's own output does: http://user:password@host:8086/name, and what it leaves out is in
// variables. An error says what is wrong with it.
func DatabaseAt(address string, env func(string) string) (Database, error) {
	at, err := url.Parse(address)
	if err != nil || at.Scheme != "http" && at.Scheme != "https" || at.Host == "" {
		return Database{}, fmt.Errorf("--out %s: an address like http://localhost:8086/k6 is wanted", Aggregates)
	}
	db := Database{
		Server: at.Scheme + "://" + at.Host, User: at.User.Username(),
		Name: cmp.Or(strings.Trim(at.Path, "/"), env("K6_INFLUXDB_DB"), "k6"),
	}
	db.Password, _ = at.User.Password()
	if db.User == "" {
		db.User, db.Password = env("K6_INFLUXDB_USERNAME"), env("K6_INFLUXDB_PASSWORD")
	}
	return db, nil
}

// answersWithin is how long the database may take to say whether it can be written to.
const answersWithin = 3 * time.Second

// Refused asks the InfluxDB at this address, as k6's output will, whether it may be written to: by an empty write.
// It returns "", or a sentence that says why not and what to do. A database that cannot be reached, or is in trouble, is no
// reason: the run tells of writes that failed.
func Refused(ctx context.Context, address string, env func(string) string) string {
	db, err := DatabaseAt(address, env)
	if err != nil {
		return "" // k6 has its own words for that
	}
	ctx, cancel := context.WithTimeout(ctx, answersWithin)
	defer cancel()
	write := db.Server + "/write?" + url.Values{"db": {db.Name}}.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, write, http.NoBody)
	if err != nil {
		return ""
	}
	if db.User != "" {
		request.SetBasicAuth(db.User, db.Password)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return ""
	}
	defer func() { _ = response.Body.Close() }()
	said := sentenceOf(response.Body)
	version := ""
	if v := response.Header.Get("X-Influxdb-Version"); v != "" {
		version = " " + v
	}
	who := fmt.Sprintf("the InfluxDB%s at %s", version, db.Server)
	switch response.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return fmt.Sprintf("%s does not let this run write (%d%s): nothing would be kept. "+
			"InfluxDB 1 takes K6_INFLUXDB_USERNAME and K6_INFLUXDB_PASSWORD. InfluxDB 2 and 3 take a token: "+
			"give it as K6_INFLUXDB_PASSWORD, with any K6_INFLUXDB_USERNAME. Or leave out --out influxdb",
			who, response.StatusCode, said)
	case http.StatusNotFound:
		return fmt.Sprintf("%s has no database %s to write to (404%s): nothing would be kept. "+
			"Create it; in InfluxDB 2, map a bucket to it (influx v1 dbrp create). Or leave out --out influxdb",
			who, db.Name, said)
	}
	return ""
}

// sentenceOf is what the database said, as far as it is short: InfluxDB 1 and 3 say it in error, 2 in message.
func sentenceOf(body io.Reader) string {
	const longest = 200
	raw, _ := io.ReadAll(io.LimitReader(body, 4096))
	var told struct{ Error, Message string }
	_ = json.Unmarshal(raw, &told)
	text := told.Message
	if text == "" {
		text = told.Error
	}
	if text == "" || len(text) > longest {
		return ""
	}
	return ": " + text
}
