import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process';
import {
  accessSync,
  appendFileSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { beforeEnd, removeFolder, start, stop, temporaryFolder } from '../vshost/processes.mjs';

/** The passphrase of `lockedKey` and the password of the user in a `password` server. */
export const secret = 'open sesame';
/** For a forced script: waits until the connection that started it is gone, so that no test leaves a process behind. */
export const untilGone = 'while [ -e "$0" ] && kill -0 $PPID 2>/dev/null; do sleep 0.1; done\n';

/** `secret` in the form of /etc/shadow. */
const hashed = '$6$hostpcitest$Cegu3m2zGOFT/H8vmP52nvWQOYdJKu6hoAE9i5Mksvdy8i3XHGzzmAY2cQzEBNUn8xXGRQ0mSIBblaa4xmd1r0';

export interface ServerOptions {
  /** A shell script that runs in place of what the client asks for; that is in $SSH_ORIGINAL_COMMAND. */
  readonly forced?: string;
  /** Logins with the password `secret` and without keys; see `whyNoPasswords`. */
  readonly password?: boolean;
  /** A text that sshd prints before the login. */
  readonly banner?: string;
}

/** One running sshd. */
export interface Server {
  readonly port: number;
  /** Type and key as they stand in known_hosts, and the key's fingerprint. */
  readonly hostKey: string;
  readonly fingerprint: string;
  /** Ends its sessions at once. */
  endSessions(): void;
  /** Ends it with all its sessions. */
  stop(): Promise<void>;
}

/** Why password logins cannot be tried here; `undefined` where they can. */
export function whyNoPasswords(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can give sshd a password database of its own';
  const can = spawnSync('unshare', ['-m', 'true'], { stdio: 'ignore' }).status === 0;
  return can
    ? undefined
    : 'no mount namespace can be made here, so that sshd would need a real password of this machine';
}

/**
 * Servers on 127.0.0.1 with keys of their own, and a client configuration that knows nothing but them: neither the user's
 * ~/.ssh nor an agent plays a part. All of it is in a temporary folder, and all ends with `close`, or with us.
 */
export class SshLab {
  readonly folder = temporaryFolder('hostpci-ssh');
  /** A key without a passphrase, which all servers let in; another with the passphrase `secret`; one nobody knows. */
  readonly key = this.path('id');
  readonly lockedKey = this.path('id_locked');
  readonly strangeKey = this.path('id_strange');
  readonly knownHosts = this.path('known_hosts');
  private readonly configuration = this.path('config');
  private readonly servers = new Set<Server>();
  private readonly blocks: string[] = [];
  private count = 0;
  private readonly release = beforeEnd(() => this.stopServers());
  private readonly onExit = (): void => {
    for (const server of this.servers) server.endSessions();
  };

  constructor() {
    process.on('exit', this.onExit);
    makeKey(this.key, '');
    makeKey(this.lockedKey, secret);
    makeKey(this.strangeKey, '');
    const allowed = [this.key, this.lockedKey].map(file => readFileSync(`${file}.pub`, 'utf8'));
    writeFileSync(this.path('authorized_keys'), allowed.join(''));
    writeFileSync(this.knownHosts, '');
    this.writeConfiguration();
  }

  /** Options for ssh that make it use this laboratory only. */
  get extraArguments(): readonly string[] {
    return ['-F', this.configuration];
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Starts a server whose key clients know already. */
  async start(options: ServerOptions = {}): Promise<Server> {
    const server = await this.startUnknown(options);
    appendFileSync(this.knownHosts, `[127.0.0.1]:${server.port} ${server.hostKey}\n`);
    return server;
  }

  /** Starts a server whose key is not in `knownHosts`. */
  async startUnknown(options: ServerOptions = {}): Promise<Server> {
    const server = await startServer(this, `server${this.count++}`, options);
    this.servers.add(server);
    return server;
  }

  /** Adds a `Host` to the client's configuration. One that starts with `locked` or `strange` brings its own key. */
  host(name: string, port: number, ...settings: readonly string[]): void {
    this.blocks.push([`Host ${name}`, 'HostName 127.0.0.1', `Port ${port}`, ...settings].join('\n  '));
    this.writeConfiguration();
  }

  async close(): Promise<void> {
    await this.stopServers();
    this.release();
    process.off('exit', this.onExit);
    removeFolder(this.folder);
  }

  private async stopServers(): Promise<void> {
    await Promise.all([...this.servers].map(server => server.stop()));
    this.servers.clear();
  }

  /** The first value that ssh finds counts, so that what holds for all stands last. */
  private writeConfiguration(): void {
    const forAll = [
      `User ${userInfo().username}`,
      `UserKnownHostsFile ${this.knownHosts}`,
      'GlobalKnownHostsFile /dev/null',
      'IdentityAgent none',
      'IdentitiesOnly yes',
    ];
    // Keys of several blocks add up: who brings one of his own must not get in with the usual one.
    const usualKey = ['Host * !locked* !strange*', `IdentityFile ${this.key}`];
    const blocks = [...this.blocks, ...[usualKey, ['Host *', ...forAll]].map(lines => lines.join('\n  '))];
    writeFileSync(this.configuration, `${blocks.join('\n')}\n`);
  }
}

function makeKey(file: string, passphrase: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', 'hostpci test', '-f', file]);
}

async function startServer(lab: SshLab, name: string, options: ServerOptions): Promise<Server> {
  const sshd = findSshd();
  const hostKeyFile = lab.path(`${name}_key`);
  makeKey(hostKeyFile, '');
  // As root sshd puts its unprivileged half there; the system's service makes the folder at its start.
  if (process.getuid?.() === 0 && process.platform === 'linux')
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  for (let attempt = 0; attempt < 5; attempt++) {
    const port = await freePort();
    const configuration = writeServerConfiguration(lab, name, hostKeyFile, port, options);
    const child = launch(lab, sshd, configuration, options);
    const failure = await listening(child);
    if (failure === undefined) return running(child, port, hostKeyFile);
    await stop(child);
    if (!/Address already in use/.test(failure)) throw new Error(`sshd does not start: ${failure}`);
  }
  throw new Error('sshd does not start: no free port');
}

function findSshd(): string {
  const found = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/sbin/sshd', '/usr/bin/sshd'].find(isExecutable);
  if (found === undefined)
    throw new Error('sshd is not installed. On Debian or Ubuntu: apt-get install openssh-server');
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Nobody listens there at the moment; sshd itself cannot be told to choose. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function writeServerConfiguration(
  lab: SshLab,
  name: string,
  hostKeyFile: string,
  port: number,
  { forced, password = false, banner }: ServerOptions,
): string {
  const extra: string[] = [];
  if (forced !== undefined) {
    const script = lab.path(`${name}_forced.sh`);
    writeFileSync(script, forced);
    extra.push(`ForceCommand /bin/sh ${script}`);
  }
  if (banner !== undefined) {
    writeFileSync(lab.path(`${name}_banner`), banner);
    extra.push(`Banner ${lab.path(`${name}_banner`)}`);
  }
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${hostKeyFile}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'UseDNS no',
    'PrintMotd no',
    'PermitRootLogin yes',
    'MaxStartups 100',
    'KbdInteractiveAuthentication no',
    `PubkeyAuthentication ${password ? 'no' : 'yes'}`,
    `PasswordAuthentication ${password ? 'yes' : 'no'}`,
    `AuthorizedKeysFile ${lab.path('authorized_keys')}`,
    ...extra,
  ];
  const file = lab.path(`${name}.conf`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

/** For passwords, sshd sees an /etc/shadow of its own; that of the machine stays as it is. */
function launch(lab: SshLab, sshd: string, configuration: string, { password }: ServerOptions): ChildProcess {
  const words = [sshd, '-D', '-e', '-f', configuration];
  const stdio = ['ignore', 'ignore', 'pipe'] as const;
  if (!password) return start(sshd, words.slice(1), { stdio: [...stdio] });
  const shadow = lab.path('shadow');
  writeFileSync(shadow, `${userInfo().username}:${hashed}:19000:0:99999:7:::\n`, { mode: 0o600 });
  const script = 'mount --bind "$0" /etc/shadow && exec "$@"';
  return start('unshare', ['-m', 'sh', '-c', script, shadow, ...words], { stdio: [...stdio] });
}

/** Resolves when sshd listens, or with what it said when it ended instead. */
function listening(child: ChildProcess): Promise<string | undefined> {
  return new Promise(resolve => {
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (/Server listening on/.test(said)) resolve(undefined);
    });
    child.once('error', error => resolve(error.message));
    child.once('exit', () => resolve(said.trim() || 'it ended at once'));
  });
}

function running(child: ChildProcess, port: number, hostKeyFile: string): Server {
  const hostKey = readFileSync(`${hostKeyFile}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
  const listed = execFileSync('ssh-keygen', ['-l', '-f', `${hostKeyFile}.pub`], { encoding: 'utf8' });
  const fingerprint = /SHA256:\S+/.exec(listed)?.[0] ?? '';
  const endSessions = (): void => killSessions(child);
  const stopAll = async (): Promise<void> => {
    endSessions();
    await stop(child);
  };
  return { port, hostKey, fingerprint, endSessions, stop: stopAll };
}

/** Each session has a process group of its own, so that the group of the server is not enough. */
function killSessions(server: ChildProcess): void {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  for (const pid of descendants(server.pid)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

function descendants(pid: number): readonly number[] {
  const parents = parentsOfAll();
  const found: number[] = [];
  for (let level = [pid]; level.length > 0; ) {
    level = [...parents].filter(([, parent]) => level.includes(parent)).map(([child]) => child);
    found.push(...level);
  }
  return found;
}

function parentsOfAll(): ReadonlyMap<number, number> {
  if (!existsSync('/proc/self/stat')) {
    const listed = spawnSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' }).stdout ?? '';
    const pairs = listed
      .trim()
      .split('\n')
      .map(line => line.trim().split(/\s+/).map(Number));
    return new Map(pairs.map(([pid = 0, parent = 0]) => [pid, parent]));
  }
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It has just ended.
    }
  }
  return parents;
}
