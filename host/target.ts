/** How to reach a host. Everything else (user, keys, jump hosts, ports) may stand in the user's `~/.ssh/config`. */
export interface SshTarget {
  /** What one would write after `ssh`: `root@pve1`, or a `Host` of the user's configuration. */
  readonly destination: string;
  readonly port?: number;
  /** What one would write after `ssh -J`. */
  readonly jump?: string;
}

/** A target with the name that its snapshot is kept under, the node's own as a rule. */
export interface NamedTarget extends SshTarget {
  readonly name: string;
}

/** The destination that means the machine we run on. */
export const thisMachine = 'local';

/** Why a target cannot be used, in words; a name that starts with `-` would be an option to ssh. */
export function checkTarget({ destination, port, jump }: SshTarget): string | undefined {
  for (const [what, text] of [
    ['destination', destination],
    ['jump host', jump ?? 'none'],
  ] as const) {
    if (text === '' || /^-|[\s\u0000-\u001f\u007f'"`$\\;&|<>()]|@-|,-/.test(text)) {
      return `"${text}" cannot be an ssh ${what}: write what you would type after ssh, such as root@pve1.`;
    }
  }
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
    return `${port} is not a port: it must be a whole number from 1 to 65535.`;
  }
  return undefined;
}

/** The target as a jump host of another one, after the jump hosts that it needs itself; the form of `ssh -J`. */
export function asJump({ destination, port, jump }: SshTarget): string {
  const [, user = '', host = destination] = /^([^@]*@)?(.*)$/s.exec(destination) ?? [];
  const bare = /^[^[\]/]*:[^[\]/]*:/.test(host) ? `[${host}]` : host;
  return [...(jump ? [jump] : []), `${user}${bare}${port === undefined ? '' : `:${port}`}`].join(',');
}
