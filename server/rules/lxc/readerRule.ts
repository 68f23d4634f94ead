import { ctConf } from '../../languages/ctConf/ctConf.ts';
import { ctTable } from '../../languages/ctConf/ctTable.generated.ts';
import { type CtProblem, type CtReasonCode, problemsWith } from '../../languages/ctConf/read.ts';
import type { CtConf } from '../../languages/ctConf/tree.ts';
import type { SourceFile } from '../../languages/language.ts';
import { tokenSpan } from '../../text/span.ts';
import { compareVersions } from '../../values/version.ts';
import { versionsOf } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import type { Finding, Fix, Rule } from '../rule.ts';

/** A rule about lines that Proxmox's reader of container configurations complains about. */
export interface ReaderRule extends Pick<Rule, 'id' | 'docs' | 'examples'> {
  readonly codes: readonly CtReasonCode[];
  readonly severity?: Rule['severity'];
  /** A newer Proxmox may know what this schema does not: the finding is a warning on such a host. */
  readonly grows?: boolean;
  tell(problem: CtProblem, file: SourceFile<CtConf>): Omit<Finding, 'span'>;
}

export const readerRule = ({ id, docs, examples, codes, severity, grows, tell }: ReaderRule): Rule<CtConf> => ({
  id,
  severity: severity ?? 'error',
  language: ctConf,
  docs,
  examples,
  *check(file, world) {
    const host = versionsOf(world, file).container;
    const isNewer = grows === true && host !== undefined && compareVersions(host, ctTable.version) > 0;
    for (const code of codes) {
      for (const problem of problemsWith(file.tree, code)) {
        const finding = { span: tokenSpan(problem.line, problem.reason.token), ...tell(problem, file) };
        yield isNewer ? { ...finding, severity: 'warning', message: `${finding.message} ${doubt(host)}` } : finding;
      }
    }
  },
});

/** What a value that does not fit comes to. */
export const kept = 'Proxmox warns in its log and goes on with the value as it stands.';

export const readerSource = 'pve-container 6.1.10, PVE/LXC/Config.pm parse_pct_config and check_type';

/** The fix that replaces what is wrong by what was meant, where that is beyond doubt. */
export function replacement(file: SourceFile, { line, reason }: CtProblem, text = reason.mended): readonly Fix[] {
  if (text === undefined || text === '') return [];
  return [fixIn(file, `Change to ${text}`, { span: tokenSpan(line, reason.token), text })];
}

const doubt = (host: string): string =>
  `This is checked against ${ctTable.source}; the host has ${host}, which may know more.`;
