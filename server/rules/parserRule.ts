import type { SourceFile } from '../languages/language.ts';
import { type Problem, problemsOf, problemsWith } from '../languages/vmConf/problems.ts';
import type { ReasonCode } from '../languages/vmConf/read.ts';
import { schemaTable } from '../languages/vmConf/schemaTable.generated.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import { vmConf } from '../languages/vmConf/vmConf.ts';
import { type Span, tokenSpan } from '../text/span.ts';
import { compareVersions } from '../values/version.ts';
import { versionsOf, type World } from '../workspace/world.ts';
import type { Finding, Rule } from './rule.ts';

/** What a refused line comes to. Proxmox only warns in its log, where nobody sees it. */
export const lost = 'Proxmox ignores this line and drops it when it next writes the file.';

/** A rule about one kind of reason for which Proxmox's reader refuses a line. */
export interface ParserRule extends Pick<Rule, 'id' | 'docs' | 'examples'> {
  readonly code: ReasonCode;
  /** A newer Proxmox may know what this schema does not: the finding is a warning on such a host. */
  readonly grows?: boolean;
  /** `undefined` where it is no problem after all. */
  tell(problem: Problem, file: SourceFile<VmConf>, world: World): (Omit<Finding, 'span'> & { span?: Span }) | undefined;
}

export const parserRule = ({ id, docs, examples, code, grows, tell }: ParserRule): Rule<VmConf> => ({
  id,
  severity: 'error',
  language: vmConf,
  docs,
  examples,
  mayFind: hasProblems,
  *check(file, world) {
    for (const problem of problemsWith(file.tree, code)) {
      const told = tell(problem, file, world);
      if (!told) continue;
      const finding = { span: tokenSpan(problem.line, problem.reason.token), ...told };
      yield grows ? forNewerHost(finding, versionsOf(world, file).qemuServer) : finding;
    }
  },
});

/** To be the `mayFind` of every rule about what the reader refuses or nobody checks. */
export const hasProblems = (file: SourceFile<VmConf>): boolean => problemsOf(file.tree).size > 0;

function forNewerHost(finding: Finding, host: string | undefined): Finding {
  if (host === undefined || compareVersions(host, schemaTable.version) <= 0) return finding;
  const doubt = `This is checked against ${schemaTable.source}; the host has ${host}, which may know more.`;
  return { ...finding, severity: 'warning', message: `${finding.message} ${doubt}` };
}

/** Why a line that Proxmox's reader refuses matters: the same for all these rules. */
export const whyLost =
  'The reader writes a warning to a log and goes on without the line. The VM starts as if the line were not there, and the next change through the GUI, API or `qm` writes the file without it.';

export const parserSource = 'qemu-server 9.2.6, PVE/QemuServer.pm parse_vm_config, observed on thousands of snippets';
export const schemaSource = 'qemu-server 9.2.6, schema and PVE/JSONSchema.pm of pve-common 9.2.1, observed';
