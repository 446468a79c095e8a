// A thread for tests. Each order makes it behave well or badly.
import { badRequest, say, serveThread } from '@vouchers/service/thread';

export type Order = 'add' | 'refuse' | 'fail' | 'say' | 'die' | 'wait' | 'how many wait';
let waiting = 0;

serveThread(async ({ order, numbers }: { order: Order; numbers: number[] }, job) => {
  if (order === 'add') return numbers.reduce((sum, one) => sum + one, (await job.ask('from where on')) as number);
  if (order === 'refuse') throw badRequest([{ pointer: '/numbers', message: 'are refused' }]);
  if (order === 'fail') throw Object.assign(new TypeError('a defect'), { code: 'ODD' });
  if (order === 'say') return say('odd');
  if (order === 'die') process.exit(1);
  if (order === 'how many wait') return waiting;
  waiting += 1;
  try {
    for (;;) await job.giveWay();
  } finally {
    waiting -= 1;
  }
});
