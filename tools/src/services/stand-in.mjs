// Stands in for a service in the supervisor's tests: ready at once, and dies where it is asked to.
import { createServer } from 'node:http';

createServer((request, response) => {
  if (request.url === '/die') process.exit(7);
  response.end(`${process.env.NAMESPACE} ${process.pid}`);
}).listen(Number(process.env.PORT));
console.log(`standing in on ${process.env.PORT}`);
