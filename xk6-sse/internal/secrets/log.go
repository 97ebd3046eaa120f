package secrets

import "github.com/sirupsen/logrus"

// WatchLog hooks k6's log: what k6 and its outputs write of an answer or an address goes through here too. Anything but
// k6's own logger (in tests) has nothing to watch.
func (k *Keeper) WatchLog(logger logrus.FieldLogger) {
	switch l := logger.(type) {
	case *logrus.Logger:
		l.AddHook(logHook{k})
	case *logrus.Entry:
		l.Logger.AddHook(logHook{k})
	}
}

// logHook cleans each entry before it is written.
type logHook struct{ keeper *Keeper }

// Levels is logrus's.
func (h logHook) Levels() []logrus.Level { return logrus.AllLevels }

// Fire is logrus's. The entry is a copy of this message alone.
func (h logHook) Fire(entry *logrus.Entry) error {
	entry.Message = h.keeper.Lines(entry.Message)
	for name, value := range entry.Data {
		switch v := value.(type) {
		case string:
			entry.Data[name] = h.keeper.Lines(v)
		case error:
			if said := v.Error(); h.keeper.Lines(said) != said {
				entry.Data[name] = h.keeper.Lines(said)
			}
		}
	}
	return nil
}
