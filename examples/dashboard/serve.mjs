// Serves the built pages on this machine only. PORT=0 takes any free port and says which.
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';

const pages = sirv(fileURLToPath(new URL('build', import.meta.url)), { etag: true });
const server = createServer((request, response) => {
	// Evidence asks for some files with two slashes.
	request.url = request.url.replace(/\/{2,}/g, '/');
	pages(request, response, () => {
		response.statusCode = 404;
		response.end('No such page.');
	});
});
server.on('error', (error) => {
	console.error(error.code === 'EADDRINUSE' ? `Port ${process.env.PORT} is taken: choose another with --port.` : error.message);
	process.exit(1);
});
server.listen(Number(process.env.PORT ?? 3170), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
