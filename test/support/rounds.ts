/**
 * How far a sweep goes: over damaged texts, over edits of a generator with a fixed start. The fast stage takes few rounds,
 * the slow one (test/slow.mocharc.cjs) eight times as many; HOSTPCI_ROUNDS sets any other factor.
 */
const factor = Number(process.env.HOSTPCI_ROUNDS ?? '1');
if (!(factor >= 1)) throw new Error(`HOSTPCI_ROUNDS is ${process.env.HOSTPCI_ROUNDS}, not a number from 1`);

export const rounds = (few: number): number => Math.ceil(few * factor);
