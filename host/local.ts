import { type Ending, type Limits, runProgram, usualLimits } from './localProcess.ts';
import { type Output, type Transport, TransportError } from './transport.ts';

/** This machine itself: for an editor that runs on the host (Remote-SSH) and for the command line there. */
export const onThisMachine: Transport = onThisMachineWithin(usualLimits);

/** The same with other limits than the usual ones. */
export function onThisMachineWithin(limits: Limits): Transport {
  return {
    async run({ words: [program = 'true', ...words], stdin = '' }, { signal, onProgress = () => undefined } = {}) {
      return outputOf(program, await runProgram(program, words, { stdin, limits, signal, onProgress }));
    },
  };
}

function outputOf(program: string, ending: Ending): Output {
  if (ending.kind === 'ended') return ending.output;
  if (ending.kind === 'not-started') {
    throw new TransportError('failed', `${program} cannot be run on this machine: ${ending.error.message}`);
  }
  if (ending.why === 'cancelled') throw new TransportError('cancelled', 'Asking this machine was cancelled.');
  if (ending.why === 'output') throw new TransportError('too-much-output', `${program} printed too much to be read.`);
  throw new TransportError('timeout', `${program} did not come to an end in time on this machine.`);
}
