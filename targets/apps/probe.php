<?php
/*
Shows what php-fpm made of a request: the twin of probe.go.

    /environ    what must be equal over every protocol, in JSON; also for every path below it
    /inspect    all variables in JSON
    /echo       the request's body, with its Content-Type
    /length     the number of bytes in the request's body
    /bytes/N    N bytes, up to 64 MiB
    /headers/N  N header fields X-Probe-1 to X-Probe-N, up to 1000
    /sleep/MS   an answer after so many milliseconds, up to 10000
    /status/N   an answer with status N, 200 to 599
    /           this list

PHP reads forms itself, and refuses those above post_max_size: to see every body,
php-fpm needs enable_post_data_reading = 0, which no script can set.
*/

const MAX_BYTES = 64 << 20;
const MAX_HEADERS = 1000;
const MAX_SLEEP = 10000; // milliseconds
const PIECE = 256 << 10; // bytes of a body that are read at once

const TEXT = 'text/plain; charset=utf-8';
const INDEX = "/environ /inspect /echo /length /bytes/N /headers/N /sleep/MS /status/N\n";

// What ends at the gateway, and Proxy (httpoxy): see Environ in environ.go.
const LEFT_OUT = [
    'HTTP_CONNECTION', 'HTTP_CONTENT_LENGTH', 'HTTP_CONTENT_TYPE', 'HTTP_KEEP_ALIVE', 'HTTP_PROXY',
    'HTTP_PROXY_AUTHENTICATE', 'HTTP_PROXY_AUTHORIZATION', 'HTTP_PROXY_CONNECTION', 'HTTP_TE', 'HTTP_TRAILER',
    'HTTP_TRANSFER_ENCODING', 'HTTP_UPGRADE',
];

const REASONS = [
    200 => 'OK', 201 => 'Created', 202 => 'Accepted', 203 => 'Non-Authoritative Information', 204 => 'No Content',
    205 => 'Reset Content', 206 => 'Partial Content', 207 => 'Multi-Status', 208 => 'Already Reported', 226 => 'IM Used',
    300 => 'Multiple Choices', 301 => 'Moved Permanently', 302 => 'Found', 303 => 'See Other', 304 => 'Not Modified',
    305 => 'Use Proxy', 307 => 'Temporary Redirect', 308 => 'Permanent Redirect',
    400 => 'Bad Request', 401 => 'Unauthorized', 402 => 'Payment Required', 403 => 'Forbidden', 404 => 'Not Found',
    405 => 'Method Not Allowed', 406 => 'Not Acceptable', 407 => 'Proxy Authentication Required', 408 => 'Request Timeout',
    409 => 'Conflict', 410 => 'Gone', 411 => 'Length Required', 412 => 'Precondition Failed', 413 => 'Request Entity Too Large',
    414 => 'Request URI Too Long', 415 => 'Unsupported Media Type', 416 => 'Requested Range Not Satisfiable',
    417 => 'Expectation Failed', 418 => "I'm a teapot", 421 => 'Misdirected Request', 422 => 'Unprocessable Entity',
    423 => 'Locked', 424 => 'Failed Dependency', 425 => 'Too Early', 426 => 'Upgrade Required', 428 => 'Precondition Required',
    429 => 'Too Many Requests', 431 => 'Request Header Fields Too Large', 451 => 'Unavailable For Legal Reasons',
    500 => 'Internal Server Error', 501 => 'Not Implemented', 502 => 'Bad Gateway', 503 => 'Service Unavailable',
    504 => 'Gateway Timeout', 505 => 'HTTP Version Not Supported', 506 => 'Variant Also Negotiates', 507 => 'Insufficient Storage',
    508 => 'Loop Detected', 510 => 'Not Extended', 511 => 'Network Authentication Required',
];

class BadRequest extends Exception {}

function probe(): void
{
    // Where no PATH_INFO came, the path is in REQUEST_URI, as for the Go twin.
    $path = variable('PATH_INFO');
    if ($path === '') {
        $path = rawurldecode(explode('?', variable('REQUEST_URI'), 2)[0]);
    }
    [$name, $rest] = explode('/', preg_replace('~^/~', '', $path), 2) + ['', ''];
    try {
        match ($name) {
            '' => answer(INDEX),
            'environ' => showEnviron(),
            'inspect' => showVariables(),
            'echo' => sendBack(),
            'length' => answer((string) strlen(body())),
            'bytes' => sendBytes($rest),
            'headers' => sendHeaders($rest),
            'sleep' => sleepAndAnswer($rest),
            'status' => sendStatus($rest),
            default => refuse(404, '404 page not found'),
        };
    } catch (BadRequest $e) {
        refuse(400, $e->getMessage());
    }
}

function variable(string $name): string
{
    return $_SERVER[$name] ?? '';
}

function showEnviron(): void
{
    $body = body();
    $headers = [];
    foreach ($_SERVER as $name => $value) {
        if (str_starts_with($name, 'HTTP_') && !in_array($name, LEFT_OUT, true)) {
            $headers[] = latin1("$name: $value");
        }
    }
    sort($headers, SORT_STRING);
    answer(toJSON([
        'method' => latin1(variable('REQUEST_METHOD')),
        'script_name' => latin1(variable('SCRIPT_NAME')),
        'path_info' => latin1(variable('PATH_INFO')),
        'query_string' => latin1(variable('QUERY_STRING')),
        'content_type' => latin1(variable('CONTENT_TYPE')),
        'content_length' => (int) variable('CONTENT_LENGTH'),
        'headers' => $headers,
        'body_length' => strlen($body),
        'body_sha256' => hash('sha256', $body),
    ]), 'application/json');
}

function showVariables(): void
{
    $variables = [];
    foreach ($_SERVER as $name => $value) {
        if (is_string($value)) {
            $variables[latin1($name)] = latin1($value);
        }
    }
    ksort($variables, SORT_STRING);
    answer(toJSON($variables), 'application/json');
}

function sendBack(): void
{
    answer(body(), variable('CONTENT_TYPE') ?: 'application/octet-stream');
}

// sendBytes repeats a pattern whose period, 251, is no divisor of any buffer's
// size: pieces that were lost, doubled or swapped become visible.
function sendBytes(string $number): void
{
    $n = argument($number, 0, MAX_BYTES);
    start(200, 'application/octet-stream', $n);
    $pattern = str_repeat(implode('', array_map('chr', range(0, 250))), intdiv(min($n, PIECE), 251) + 1);
    for (; $n >= strlen($pattern); $n -= strlen($pattern)) {
        echo $pattern;
    }
    echo substr($pattern, 0, $n);
}

function sendHeaders(string $number): void
{
    $n = argument($number, 0, MAX_HEADERS);
    for ($i = 1; $i <= $n; $i++) {
        header("X-Probe-$i: value $i");
    }
    answer(INDEX);
}

function sleepAndAnswer(string $number): void
{
    usleep(1000 * argument($number, 0, MAX_SLEEP));
    answer(INDEX);
}

function sendStatus(string $number): void
{
    $n = argument($number, 200, 599);
    if ($n === 204 || $n === 304) {
        http_response_code($n);
        ini_set('default_mimetype', ''); // or PHP sends one
        return;
    }
    answer("$n " . (REASONS[$n] ?? '') . "\n", TEXT, $n);
}

// argument is the number at the path's end, as Go's strconv.Atoi would read it.
function argument(string $number, int $least, int $most): int
{
    // What has more digits than fit is PHP's largest number, and so out of range.
    if (!preg_match('/\A[+-]?[0-9]+\z/', $number) || (int) $number < $least || (int) $number > $most) {
        throw new BadRequest(trim(toJSON(latin1($number))) . " is not a number from $least to $most");
    }
    return (int) $number;
}

// body is the whole body, or an error where it broke off.
function body(): string
{
    if ((int) variable('CONTENT_LENGTH') > MAX_BYTES) {
        throw new BadRequest("read the request's body after " . MAX_BYTES . ' bytes: http: request body too large');
    }
    $body = file_get_contents('php://input');
    if (strlen($body) < (int) variable('CONTENT_LENGTH')) {
        throw new BadRequest("read the request's body after " . strlen($body) . ' bytes: unexpected EOF');
    }
    return $body;
}

function start(int $status, string $type, int $length): void
{
    http_response_code($status);
    header('Content-Type: ' . $type);
    header('Content-Length: ' . $length);
}

function answer(string $body, string $type = TEXT, int $status = 200): void
{
    start($status, $type, strlen($body));
    echo $body;
}

function refuse(int $status, string $text): void
{
    header('X-Content-Type-Options: nosniff');
    answer("$text\n", TEXT, $status);
}

// latin1 turns each byte into the character of that number, in UTF-8.
function latin1(string $bytes): string
{
    return preg_replace_callback('/[\x80-\xff]/', fn($m) => chr(0xc0 | ord($m[0]) >> 6) . chr(0x80 | ord($m[0]) & 0x3f), $bytes);
}

// toJSON writes what Go's encoding/json does.
function toJSON(mixed $value): string
{
    $text = json_encode($value, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR);
    // PHP indents by four blanks. A string has no line breaks, so that every line's blanks are indentation.
    $text = preg_replace_callback('/^ +/m', fn($m) => substr($m[0], strlen($m[0]) >> 1), $text);
    return strtr($text, ['<' => '\u003c', '>' => '\u003e', '&' => '\u0026']) . "\n";
}

ini_set('default_charset', ''); // PHP would add it to the Content-Type of any text
probe();
