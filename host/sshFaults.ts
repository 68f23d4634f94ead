import { type Output, TransportError, type TransportFault } from './transport.ts';

/** What ssh says, what it means, and what to do. The first that matches counts. */
const known: readonly (readonly [pattern: RegExp, fault: TransportFault, meaning: string])[] = [
  [/REMOTE HOST IDENTIFICATION HAS CHANGED/, 'host-key-changed', 'does not have the key that it had before'],
  [/Host key verification failed|No .{1,40} host key is known/, 'host-key-unknown', 'has a key that was not accepted'],
  [
    /Could not resolve hostname|Name or service not known|nodename nor servname/,
    'unknown-host',
    'is not a name that can be resolved. Is it spelt as in ~/.ssh/config or in DNS?',
  ],
  [/Connection refused/, 'refused', 'refused the connection. Is sshd running there, and is the port right?'],
  [
    /Connection timed out|Operation timed out|timed out during banner/,
    'timeout',
    'did not answer in time. Is it up, and reachable from here?',
  ],
  [
    /No route to host|Network is unreachable|Host is down/,
    'unreachable',
    'cannot be reached from here. Is it up, and is the network (or the VPN) on?',
  ],
  [
    /Permission denied \(|Too many authentication failures/,
    'auth-failed',
    'did not accept the login. Does the same `ssh` command work in a terminal?',
  ],
  [
    /Connection closed by|Connection reset by|closed by remote host|Broken pipe|Timeout, server .* not responding/,
    'cut-off',
    'closed the connection before it had answered',
  ],
];

/**
 * Why ssh failed, in words; `undefined` when the remote command itself ran. Exit status 255 is ssh's own, or the remote
 * command's; then what it printed decides. Source: ssh(1) EXIT STATUS; messages as OpenSSH 9 and 10 print them.
 */
export function faultOf(destination: string, output: Output): TransportError | undefined {
  if (output.status === 0) return undefined;
  const own = output.status === 255 || output.status === undefined;
  const found = own ? known.find(([pattern]) => pattern.test(output.stderr)) : undefined;
  if (found) {
    const [, fault, meaning] = found;
    return new TransportError(fault, `${destination} ${meaning}${detail(fault, output.stderr)}`);
  }
  if (!own) return undefined;
  const said = lastLine(output.stderr);
  return new TransportError(
    'cut-off',
    `The connection to ${destination} ended before the host had answered${said ? `: ${said}` : '.'}`,
  );
}

function detail(fault: TransportFault, stderr: string): string {
  if (fault === 'host-key-changed') {
    const where = /Offending [^\n]* key in ([^\n\r]+)/.exec(stderr)?.[1];
    return (
      `. Either it was installed anew, or somebody answers in its place. ` +
      `Nothing was sent to it. If the change is right, remove the old key${where ? ` (${where.trim()})` : ''} with ssh-keygen -R.`
    );
  }
  if (fault === 'host-key-unknown') return '. Connect once from a terminal, or accept the key when asked.';
  if (fault === 'cut-off') return `: ${lastLine(stderr)}`;
  return '';
}

const lastLine = (text: string): string => text.trim().split(/\r?\n/).pop() ?? '';
