import { connect } from 'node:net';

/**
 * Started by ssh with a question as its arguments: hands it to the editor and prints the answer. No answer is a failure.
 * ssh ends it where the question has become pointless; the closed socket tells the editor.
 */
const { HOSTPCI_ASKPASS_ADDRESS: address = '', HOSTPCI_ASKPASS_TOKEN: token, SSH_ASKPASS_PROMPT: hint } = process.env;
const socket = connect(address);
let text = '';
socket.setEncoding('utf8');
socket.on('connect', () => {
  socket.write(`${JSON.stringify({ token, prompt: process.argv.slice(2).join(' '), hint })}\n`);
});
socket.on('data', (more: string) => {
  text += more;
});
socket.on('error', () => process.exit(1));
socket.on('close', () => {
  const { answer } = JSON.parse(text || '{}') as { answer?: string };
  if (answer === undefined) process.exit(1);
  process.stdout.write(`${answer}\n`);
});
