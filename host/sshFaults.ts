import type { SshTarget } from './target.ts';
import { type Output, TransportError, type TransportFault } from './transport.ts';

interface Known {
  readonly pattern: RegExp;
  readonly fault: TransportFault;
  /** What it means, after the name of the host. */
  readonly meaning: string;
  /** The line that ssh said is worth telling, too. */
  readonly tellLine?: boolean;
}

/** What ssh says, what it means, and what to do. The first that matches counts. */
const known: readonly Known[] = [
  {
    pattern: /REVOKED HOST KEY DETECTED|is marked @?revoked/i,
    fault: 'host-key-changed',
    meaning: 'has a key that your known_hosts calls revoked. Nothing was sent to it.',
  },
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    fault: 'host-key-changed',
    meaning: 'does not have the key that it had before',
  },
  {
    pattern: /Host key verification failed|No .{1,40} host key is known/,
    fault: 'host-key-unknown',
    meaning: 'has a key that was not accepted. Connect once from a terminal, or accept the key when you are asked.',
  },
  {
    pattern:
      /Bad configuration option|Bad owner or permissions|no argument after keyword|terminating, \d|Invalid .{1,40} spec/,
    fault: 'failed',
    meaning: 'was not asked, because ssh does not understand its own configuration.',
    tellLine: true,
  },
  {
    pattern: /no matching .{1,60} found|Unable to negotiate/,
    fault: 'failed',
    meaning: 'and this machine have no way in common to talk to each other safely.',
    tellLine: true,
  },
  {
    pattern: /Could not resolve hostname|Name or service not known|nodename nor servname|name resolution/,
    fault: 'unknown-host',
    meaning: 'is not a name that can be resolved. Is it spelt as in ~/.ssh/config or in DNS?',
    tellLine: true,
  },
  {
    pattern: /Connection refused/,
    fault: 'refused',
    meaning: 'refused the connection. Is sshd running there, and is the port right?',
    tellLine: true,
  },
  {
    pattern: /Connection timed out|Operation timed out|timed out during banner|Connection to .{1,260} timed out/,
    fault: 'timeout',
    meaning: 'did not answer in time. Is it up, and reachable from here?',
    tellLine: true,
  },
  {
    pattern: /No route to host|Network is unreachable|Host is down|administratively prohibited/,
    fault: 'unreachable',
    meaning: 'cannot be reached from here. Is it up, and is the network (or the VPN) on?',
    tellLine: true,
  },
  {
    pattern: /Permission denied \(|Too many authentication failures|Received disconnect .{1,200}authentication/,
    fault: 'auth-failed',
    meaning: 'did not accept the login. Does the same `ssh` command work in a terminal?',
    tellLine: true,
  },
  {
    pattern: /Connection closed|Connection reset|closed by remote host|Broken pipe|Timeout, server .* not responding/,
    fault: 'cut-off',
    meaning: 'closed the connection before it had answered.',
    tellLine: true,
  },
];

/**
 * Why ssh failed, in words; `undefined` when the remote command itself ran. Exit status 255 is ssh's own, or the remote
 * command's; then what it printed decides. Source: ssh(1) EXIT STATUS; messages as OpenSSH 9 and 10 print them.
 */
export function faultOf(target: SshTarget, output: Output): TransportError | undefined {
  if (output.status === 0) return undefined;
  if (output.status !== 255 && output.status !== undefined) return undefined;
  const said = withoutLog(output.stderr);
  if (output.stdout !== '') return cutInTheMiddle(target, said);
  const found = known.find(({ pattern }) => pattern.test(said));
  if (!found) {
    const last = lastLine(said);
    const text = `The connection to ${target.destination} ended before the host had answered${last ? `: ${last}` : '.'}`;
    return new TransportError('cut-off', text);
  }
  const who = culprit(target, found.fault, said);
  if (found.fault === 'host-key-changed') return new TransportError(found.fault, keyChanged(who, found, said));
  const line = said.split('\n').find(one => found.pattern.test(one)) ?? '';
  const detail = found.tellLine ? ` (ssh: ${printable(line.replace(/^ssh: /, ''))})` : '';
  return new TransportError(found.fault, `${who} ${found.meaning}${detail}`);
}

/** What ssh itself logs with `-v` is no part of what went wrong. */
export const withoutLog = (stderr: string): string =>
  stderr
    .split(/\r?\n/)
    .filter(line => !/^(?:debug\d: |OpenSSH_\S+,? |Authenticated to |Transferred: sent |Bytes per second: )/.test(line))
    .join('\n');

function cutInTheMiddle({ destination }: SshTarget, said: string): TransportError {
  const last = lastLine(said);
  const text = `The connection to ${destination} broke in the middle of the answer${last ? ` (ssh: ${last})` : ''}.`;
  return new TransportError('cut-off', `${text} What was known of it before is kept.`);
}

/** On the way over a jump host either of the two may have failed. ssh calls the end of a pipe a port 65535. */
function culprit({ destination, jump }: SshTarget, fault: TransportFault, said: string): string {
  if (!/UNKNOWN port 65535/.test(said)) return destination;
  const name = jump === undefined ? 'its jump host' : `the jump host ${jump}`;
  if (/stdio forwarding failed/.test(said)) return `${destination}, asked from ${name},`;
  if (fault === 'cut-off') return `${destination} (or ${name})`;
  return `The jump host ${jump ?? `of ${destination}`}`;
}

function keyChanged(who: string, found: Known, said: string): string {
  const where = /Offending [^\n]{1,60} in ([^\n\r]+)/.exec(said)?.[1]?.trim();
  if (/revoked/.test(found.meaning)) return `${who} ${found.meaning}${where ? ` (${printable(where)})` : ''}`;
  const name = /^Host key for (\S+) has changed/m.exec(said)?.[1] ?? who;
  return (
    `${who} ${found.meaning}. Either it was installed anew, or somebody answers in its place. Nothing was sent to it. ` +
    `The key it had${where ? ` is in ${printable(where)}` : ' is in your known_hosts'}; ` +
    `if the change is right, remove that line, for example with: ssh-keygen -R "${printable(name)}"`
  );
}

const lastLine = (text: string): string => printable(text.trim().split(/\r?\n/).pop() ?? '');

/** A host may say anything before a login; what is shown of it is one short line without control characters. */
const printable = (text: string): string =>
  text
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
    .trim()
    .slice(0, 300);
