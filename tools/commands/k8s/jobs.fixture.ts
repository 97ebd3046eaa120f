import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture } from '../../programs/process';
import { scratch } from '../../programs/scratch';
import { operator } from './operator.fixture';

/** A container of a Job, as far as a test runs it. */
export interface Container {
  command: string[];
  env?: { name: string; value?: string }[];
}

/** What the operator makes of a TestRun. */
export interface Jobs {
  initializer: Container;
  runners: Container[];
  starter: Container;
}

/** The operator's own builders of Jobs, asked for one TestRun. */
const program = `package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/grafana/k6-operator/api/v1alpha1"
	"github.com/grafana/k6-operator/pkg/resources/jobs"
	"github.com/grafana/k6-operator/pkg/types"
	batch "k8s.io/api/batch/v1"
)

func main() {
	var run v1alpha1.TestRun
	must(json.NewDecoder(os.Stdin).Decode(&run))
	cli, err := types.ParseCLI(run.Spec.Arguments)
	must(err)
	initializer, err := jobs.NewInitializerJob(&run, cli.ArchiveArgs)
	must(err)
	var runners []any
	var hosts []string
	for i := 1; i <= int(run.Spec.Parallelism); i++ {
		runner, err := jobs.NewRunnerJob(&run, i, nil)
		must(err)
		runners = append(runners, container(runner))
		hosts = append(hosts, fmt.Sprintf("runner-%d", i))
	}
	must(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"initializer": container(initializer), "runners": runners, "starter": container(jobs.NewStarterJob(&run, hosts)),
	}))
}

func container(job *batch.Job) any { return job.Spec.Template.Spec.Containers[0] }

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
`;

/** Compiles the operator's builders, which takes a minute or two, and asks them. Rejects with what Go said. */
export async function jobsOf(testRun: object): Promise<Jobs> {
  const folder = scratch();
  const [path, version] = operator.split('@') as [string, string];
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'main.go'), program);
  writeFileSync(join(folder, 'go.mod'), `module jobs\n\ngo 1.25.0\n\nrequire ${path} ${version}\n`);
  writeFileSync(join(folder, 'testrun.json'), JSON.stringify(testRun));
  const go = async (...args: string[]) => {
    const { code, stdout, stderr } = await capture('sh', ['-c', args.join(' ')], { cwd: folder });
    if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  await go('go', 'mod', 'tidy');
  return JSON.parse(await go('go', 'run', '.', '<', 'testrun.json')) as Jobs;
}
