// The most claims per second that node:http itself could answer: it reads the body and gives everyone the same answer.
import { createServer } from 'node:http';

const CLAIM = JSON.stringify({
  id: '019ab000-0000-7000-8000-000000000000',
  voucherId: '019ab000-0000-7000-8000-000000000001',
  voucherVersion: 1,
  userId: 'user-1',
  state: 'held',
  uses: 0,
  heldAt: '2026-01-01T00:00:00.000Z',
  useFrom: '2026-01-01T00:00:00.000Z',
  useUntil: '2027-01-01T00:00:00.000Z',
});

createServer((request, response) => {
  const body: Buffer[] = [];
  request.on('data', (chunk: Buffer) => body.push(chunk));
  request.on('end', () => {
    response.writeHead(201, { 'content-type': 'application/json', 'content-length': CLAIM.length });
    response.end(CLAIM);
  });
}).listen(Number(process.env['PORT']), '0.0.0.0');
