import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Asker, answerTo, fingerprintIn, isAboutKeyFile, type Question, readQuestion } from './questions.ts';

/** One call of ssh that may ask. */
export interface AskingFor {
  /** What ssh needs to find its way back to us. */
  readonly environment: Readonly<Record<string, string>>;
  /** True while a question of this call is open or waits for its turn. */
  isWaiting(): boolean;
  /** Takes a line of ssh's log: it names the key of the host. */
  onRemark(line: string): void;
  /** No further question of this call is answered. */
  close(): void;
}

/**
 * Lets ssh ask its questions (password, passphrase, host key) in the editor. ssh starts a small program for each question
 * (SSH_ASKPASS), which hands it over a socket that only this user can open and that wants the token of a call.
 * One question is put at a time. Answers go straight to ssh; only a passphrase is remembered, until `forget`.
 */
export class Askpass {
  /** A folder of this user alone, as long as we live; sockets of shared connections may lie here, too. */
  readonly folder = mkdtempSync(join(tmpdir(), 'hostpci-'));
  private readonly server: Server;
  private readonly address: string;
  private readonly starter: string;
  private readonly calls = new Map<string, Call>();
  private readonly passphrases = new Map<string, string>();
  private turn: Promise<void> = Promise.resolve();

  /** @param program the bundle of `askpassMain.ts`, to be run by the Node that runs us */
  constructor(
    program: string,
    private readonly ask: Asker,
  ) {
    const pipe = `\\\\.\\pipe\\hostpci-${randomBytes(16).toString('hex')}`;
    this.address = process.platform === 'win32' ? pipe : join(this.folder, 'ask');
    this.server = createServer(socket => this.receive(socket));
    this.server.on('error', () => undefined);
    this.server.listen(this.address);
    this.starter = this.writeStarter(program);
  }

  /** @param onDeclined called when the user closes a question: ssh would ask it again and again */
  open(host: string, onDeclined: () => void): AskingFor {
    const token = randomBytes(16).toString('hex');
    const call = new Call(host, onDeclined);
    this.calls.set(token, call);
    return {
      environment: {
        SSH_ASKPASS: this.starter,
        SSH_ASKPASS_REQUIRE: 'force',
        DISPLAY: process.env.DISPLAY ?? 'hostpci:0',
        HOSTPCI_ASKPASS_ADDRESS: this.address,
        HOSTPCI_ASKPASS_TOKEN: token,
      },
      isWaiting: () => call.waiting > 0,
      onRemark: line => call.notice(line),
      close: () => void this.calls.delete(token),
    };
  }

  /** Forgets the passphrases: what belongs together has been asked. */
  forget(): void {
    this.passphrases.clear();
  }

  dispose(): void {
    this.server.close();
    this.calls.clear();
    this.forget();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** ssh starts one file without arguments of ours, so the words to start Node with stand in a file. */
  private writeStarter(program: string): string {
    const onWindows = process.platform === 'win32';
    const file = join(this.folder, onWindows ? 'askpass.cmd' : 'askpass.sh');
    const text = onWindows
      ? `@echo off\r\nset ELECTRON_RUN_AS_NODE=1\r\n"${process.execPath}" "${program}" %*\r\n`
      : `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec '${quote(process.execPath)}' '${quote(program)}' "$@"\n`;
    writeFileSync(file, text, { mode: 0o700 });
    chmodSync(file, 0o700);
    return file;
  }

  private receive(socket: Socket): void {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('error', () => undefined);
    socket.on('data', (more: string) => {
      text += more;
      if (text.length > mostText) socket.destroy();
      else if (text.includes('\n')) this.take(socket, text);
    });
  }

  private take(socket: Socket, line: string): void {
    const sent = readMessage(line);
    const call = sent && this.calls.get(sent.token);
    if (!sent || !call) return void socket.destroy();
    socket.removeAllListeners('data').resume();
    this.answer(call, readQuestion(call.host, sent.prompt, sent.hint, call.fingerprint), socket).catch(() =>
      socket.destroy(),
    );
  }

  private async answer(call: Call, question: Question, socket: Socket): Promise<void> {
    const gone = new AbortController();
    socket.once('close', () => gone.abort());
    call.waiting++;
    try {
      const answer = await this.put(call, question, gone.signal);
      if (gone.signal.aborted) return;
      if (answer !== undefined) socket.end(JSON.stringify({ answer: answerTo(question, answer) }));
      else if (question.kind === 'host-key') socket.end(JSON.stringify({ answer: 'no' }));
      else this.decline(call, socket);
    } finally {
      call.waiting--;
    }
  }

  private decline(call: Call, socket: Socket): void {
    call.onDeclined();
    socket.destroy();
  }

  /** A notice is only shown; anything else waits until the user is done with the question before. */
  private put(call: Call, question: Question, signal: AbortSignal): Promise<string | undefined> {
    if (question.kind === 'notice') return this.ask(question, signal);
    const answer = this.turn.then(() =>
      // A dialog cannot always be closed; the next question does not wait for one that nobody needs any more.
      signal.aborted ? undefined : Promise.race([this.askOrRemember(call, question, signal), aborted(signal)]),
    );
    this.turn = answer.then(
      () => undefined,
      () => undefined,
    );
    return answer;
  }

  private async askOrRemember(call: Call, question: Question, signal: AbortSignal): Promise<string | undefined> {
    if (!isAboutKeyFile(question)) return this.ask(question, signal);
    // A call that asks the same again did not like the answer.
    if (call.asked.has(question.prompt)) this.passphrases.delete(question.prompt);
    call.asked.add(question.prompt);
    const answer = this.passphrases.get(question.prompt) ?? (await this.ask(question, signal));
    if (answer !== undefined && answer !== '') this.passphrases.set(question.prompt, answer);
    return answer;
  }
}

/** What one call of ssh has asked so far. */
class Call {
  readonly asked = new Set<string>();
  waiting = 0;
  fingerprint: string | undefined;

  constructor(
    readonly host: string,
    readonly onDeclined: () => void,
  ) {}

  /** The last key that was named is that of the host in question, also behind jump hosts. */
  notice(line: string): void {
    if (/^debug1: Server host key: /.test(line)) this.fingerprint = fingerprintIn(line);
  }
}

const mostText = 65_536;

const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise(resolve => signal.addEventListener('abort', () => resolve(undefined), { once: true }));

const quote = (text: string): string => text.replaceAll("'", `'\\''`);

function readMessage(line: string): { token: string; prompt: string; hint: string | undefined } | undefined {
  try {
    const sent = JSON.parse(line) as { token?: unknown; prompt?: unknown; hint?: unknown };
    if (typeof sent.token !== 'string' || typeof sent.prompt !== 'string') return undefined;
    return { token: sent.token, prompt: sent.prompt, hint: typeof sent.hint === 'string' ? sent.hint : undefined };
  } catch {
    return undefined;
  }
}
