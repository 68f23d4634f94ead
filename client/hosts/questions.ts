/** A question of ssh, as its askpass program hands it over. */
export interface Question {
  /** The host that is being asked, by its configured name; ssh itself does not always say it. */
  readonly host: string;
  /**
   * `secret`: a password, a passphrase, a PIN, a code. `text`: something that may be seen. `host-key`: whether a host that
   * is not known yet is the right one. `confirm`: any other yes or no. `notice`: nothing to answer, such as "touch the key".
   */
  readonly kind: 'secret' | 'text' | 'host-key' | 'confirm' | 'notice';
  /** In ssh's words. */
  readonly prompt: string;
  /** Of the host's key, `SHA256:…`; for `host-key` only. */
  readonly fingerprint: string | undefined;
}

/**
 * Puts a question to the user. Resolves with the answer (`yes` for what is accepted), or `undefined` when the user
 * declines. `signal` tells that nobody waits for the answer any more.
 */
export type Asker = (question: Question, signal: AbortSignal) => Promise<string | undefined>;

/**
 * What ssh wants to know.
 * @param hint the variable SSH_ASKPASS_PROMPT
 * @param seen the fingerprint that ssh logged for this host; a batch file on Windows gets only the first line of a question
 */
export function readQuestion(host: string, prompt: string, hint: string | undefined, seen?: string): Question {
  const kind = kindOf(prompt, hint);
  const fingerprint = kind === 'host-key' ? (fingerprintIn(prompt) ?? seen) : undefined;
  return { host, kind, prompt: withoutControls(prompt), fingerprint };
}

/** The fingerprint of a host's key in a question or in ssh's log. */
export const fingerprintIn = (text: string): string | undefined => /\bSHA256:[A-Za-z0-9+/]{43}=?/.exec(text)?.[0];

/** What goes back to ssh. A fingerprint instead of a plain "yes" makes sure that the key is the one that was shown. */
export function answerTo(question: Question, answer: string): string {
  if (question.kind !== 'host-key') return answer;
  if (answer !== 'yes') return 'no';
  const old = /\(yes\/no\)/.test(question.prompt);
  return old ? 'yes' : (question.fingerprint ?? 'yes');
}

/** A passphrase opens the same key for every host; all else is a host's own. */
export const isAboutKeyFile = ({ prompt }: Question): boolean => /^Enter passphrase for (?:key|\S*key) /i.test(prompt);

function kindOf(prompt: string, hint: string | undefined): Question['kind'] {
  if (hint === 'none') return 'notice';
  if (/authenticity of host|\(yes\/no|type 'yes'/i.test(prompt)) return 'host-key';
  if (hint === 'confirm') return 'confirm';
  return /(?:user ?name|login)\s*:\s*$/i.test(prompt) ? 'text' : 'secret';
}

const withoutControls = (text: string): string => text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '').trim();
