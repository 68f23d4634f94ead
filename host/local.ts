import { spawn } from 'node:child_process';
import { type Transport, TransportError } from './transport.ts';

/** This machine itself: for an editor that runs on the host (Remote-SSH) and for the command line there. */
export const onThisMachine: Transport = {
  run(command, { signal } = {}) {
    return new Promise((resolve, reject) => {
      const [program = 'true', ...words] = command.words;
      const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'], ...(signal ? { signal } : {}) });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.stdin.on('error', () => undefined);
      child.once('error', error => {
        const fault = error.name === 'AbortError' ? 'cancelled' : 'failed';
        reject(new TransportError(fault, `${program} cannot be run on this machine: ${error.message}`));
      });
      child.once('close', status => resolve({ stdout, stderr, status: status ?? undefined }));
      child.stdin.end(command.stdin ?? '');
    });
  },
};
