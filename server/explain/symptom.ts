/** A message of Proxmox, QEMU, the kernel or a guest by which a known fault shows itself. */
export interface Symptom {
  /**
   * Found in one line of a text, whatever the case. Named groups tell more: `key` is an option (`hostpci0`), `address` a
   * PCI address, `vmid` a guest, `value` what the message quotes; a 2 behind the name where
   * two forms of a message tell the same.
   */
  readonly pattern: RegExp;
  /** What it means; `{value}` stands for a named group. */
  readonly meaning: string;
  readonly advice: string;
  /** Rules that find the cause in files, the likeliest first. */
  readonly rules: readonly string[];
}

/** Grouped by who says it, with the source of the texts. */
export interface Speaker {
  readonly source: string;
  readonly symptoms: readonly Symptom[];
}

export const symptom = (pattern: RegExp, meaning: string, advice: string, ...rules: readonly string[]): Symptom => ({
  pattern,
  meaning,
  advice,
  rules,
});
