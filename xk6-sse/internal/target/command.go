package target

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"go.k6.io/k6/v2/cmd/state"
	"go.k6.io/k6/v2/subcommand"
)

// Name is what follows `k6 x`.
const Name = "sse-target"

func init() { subcommand.RegisterExtension(Name, command) }

func command(gs *state.GlobalState) *cobra.Command {
	s := Settings{TTFT: 200 * time.Millisecond, Gap: 20 * time.Millisecond, Tokens: 40}
	address := "127.0.0.1:8080"
	c := &cobra.Command{
		Use:   Name,
		Short: "A static target that answers as an LLM gateway does, to try the scripts against",
		Long: `A static target that answers as an LLM gateway does: chat (streamed and whole), embeddings and models, with the
same words and times always. The scripts find it at its usual address without any parameter:

  k6 x sse-target          in one terminal; ctrl-C ends it
  k6 run dist/smoke.js     in another`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := s.check(); err != nil {
				return err
			}
			ctx, stop := signal.NotifyContext(gs.Ctx, syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
			if err != nil {
				return cannotListen(address, err)
			}
			server := &http.Server{Handler: Handler(s), ReadHeaderTimeout: 10 * time.Second}
			go func() {
				<-ctx.Done()
				_ = server.Close()
			}()
			_, _ = fmt.Fprintf(c.OutOrStdout(), "target ready: http://%s/api/v1 (ctrl-C ends it)\n", listener.Addr())
			if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		},
	}
	c.Flags().StringVar(&address, "address", address, "where it listens; port 0 is any free one")
	c.Flags().DurationVar(&s.TTFT, "ttft", s.TTFT, "time to the first token")
	c.Flags().DurationVar(&s.Gap, "gap", s.Gap, "time between two tokens")
	c.Flags().IntVar(&s.Tokens, "tokens", s.Tokens, "tokens of an answer, at most what max_tokens says")
	return c
}

// The codes of Windows for an address that is in use and for one that may not be taken.
const (
	windowsInUse  = syscall.Errno(10048)
	windowsDenied = syscall.Errno(10013)
)

// cannotListen says why nothing can listen at an address, and what to do.
func cannotListen(address string, err error) error {
	const another = "choose another one with --address HOST:PORT, and give it to the scripts with -e BASE_URL=http://HOST:PORT/api/v1"
	switch {
	case errors.Is(err, syscall.EADDRINUSE), errors.Is(err, windowsInUse):
		return fmt.Errorf("%s is already in use by another program: %s (port 0 takes any free one)", address, another)
	case errors.Is(err, syscall.EACCES), errors.Is(err, windowsDenied):
		return fmt.Errorf("this user may not listen at %s, since ports below 1024 need an administrator's rights on most systems: %s",
			address, another)
	}
	return fmt.Errorf("cannot listen at %s: %w", address, err)
}
