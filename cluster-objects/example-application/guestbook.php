<?php
// A guestbook. libpq reads where the database is from PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD.
//   GET  /            the page            GET  /?format=json  the entries
//   GET  /?format=json&id=<id>  a list with one entry, or an empty one
//   POST /            adds an entry from the form, or from JSON, whose answer has a key
//   DELETE /?id=<id>  deletes an entry, with its key in the header X-Entry-Key
//   GET  /?probe=live, /?probe=ready      the probes; "ready" asks the database
declare(strict_types=1);

const NAME_LENGTH = 50;
const TEXT_LENGTH = 500;
// Bytes of a request: many times those of the longest entry.
const REQUEST_LENGTH = 16384;
const SHOWN = 100;
// Older entries are deleted, so that strangers can't fill the volume.
const KEPT = 1000;

function database(): PDO
{
    $database = new PDO('pgsql:', null, null, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_TIMEOUT => 5]);
    $database->exec("SET statement_timeout = '5s'");
    if ($database->query("SELECT to_regclass('entries')")->fetchColumn() === null) {
        $database->beginTransaction();
        // Two pods may create the table at the same time.
        $database->exec('SELECT pg_advisory_xact_lock(1)');
        $database->exec('CREATE TABLE IF NOT EXISTS entries (id bigserial PRIMARY KEY, name text NOT NULL,
            message text NOT NULL, written timestamptz NOT NULL DEFAULT now(), key_hash text NOT NULL)');
        $database->commit();
    }
    return $database;
}

/** The newest entries, or the one with the ID. */
function entries(PDO $database, ?string $id = null): array
{
    $select = $database->prepare("SELECT id, name, message, to_char(written AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS written
            FROM entries" . ($id === null ? '' : ' WHERE id = ?') . ' ORDER BY id DESC LIMIT ' . SHOWN);
    $select->execute($id === null ? [] : [(int) $id]);
    return $select->fetchAll(PDO::FETCH_ASSOC);
}

/** Stores an entry. Returns its ID and the key with which it can be deleted; null if name or message does not fit. */
function add(PDO $database, string $name, string $message): ?array
{
    [$name, $message] = [trim($name), trim($message)];
    $fits = fn (string $text, int $most): bool => preg_match('/^.{1,' . $most . '}$/us', $text) === 1 && !str_contains($text, "\0");
    if (!$fits($name, NAME_LENGTH) || !$fits($message, TEXT_LENGTH)) {
        return null;
    }
    $key = bin2hex(random_bytes(16));
    $insert = $database->prepare('INSERT INTO entries (name, message, key_hash) VALUES (?, ?, ?) RETURNING id');
    $insert->execute([$name, $message, hash('sha256', $key)]);
    $id = (int) $insert->fetchColumn();
    $database->exec('DELETE FROM entries WHERE id <= (SELECT id FROM entries ORDER BY id DESC OFFSET ' . KEPT . ' LIMIT 1)');
    return ['id' => $id, 'key' => $key];
}

function remove(PDO $database, string $id, string $key): bool
{
    $delete = $database->prepare('DELETE FROM entries WHERE id = ? AND key_hash = ?');
    $delete->execute([(int) $id, hash('sha256', $key)]);
    return $delete->rowCount() === 1;
}

function json(int $status, mixed $content): void
{
    http_response_code($status);
    header('Content-Type: application/json');
    echo json_encode($content, JSON_THROW_ON_ERROR);
}

function page(array $entries, string $problem = ''): void
{
    header('Content-Type: text/html; charset=utf-8');
    header("Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'");
    header('X-Content-Type-Options: nosniff');
    $text = fn (string $value): string => htmlspecialchars($value, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
    echo '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        '<title>Guestbook</title><style>body{font:1rem/1.5 sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#222}',
        'label{display:block;margin:.5rem 0}input,textarea{font:inherit;width:100%;box-sizing:border-box}',
        'li{margin:1rem 0;overflow-wrap:anywhere}small{color:#555}[role=alert]{color:#a00}</style><h1>Guestbook</h1>';
    if ($problem !== '') {
        echo '<p role="alert">', $text($problem), '</p>';
    }
    echo '<form method="post"><label>Your name<input name="name" required maxlength="', NAME_LENGTH, '"></label>',
        '<label>Message<textarea name="message" required maxlength="', TEXT_LENGTH, '"></textarea></label><button>Sign</button></form>';
    echo $entries === [] ? '<p>Nobody has signed yet.</p>' : '<ul>';
    foreach ($entries as $entry) {
        echo '<li><strong>', $text($entry['name']), '</strong> <small>', $text($entry['written']), ' UTC</small><br>', $text($entry['message']);
    }
    echo $entries === [] ? '' : '</ul>', '<p><small>Served by ', $text((string) gethostname()), '</small></p></html>';
}

function answer(): void
{
    if (($_GET['probe'] ?? '') === 'live') {
        json(200, ['live' => true]);
        return;
    }
    if ((int) ($_SERVER['CONTENT_LENGTH'] ?? 0) > REQUEST_LENGTH) {
        json(413, ['error' => 'the request is longer than ' . REQUEST_LENGTH . ' bytes']);
        return;
    }
    $database = database();
    $method = $_SERVER['REQUEST_METHOD'];
    $fromProgram = str_starts_with($_SERVER['CONTENT_TYPE'] ?? '', 'application/json');
    $given = $fromProgram ? json_decode((string) file_get_contents('php://input', false, null, 0, REQUEST_LENGTH), true) : $_POST;
    $field = fn (string $name): string => is_array($given) && is_string($given[$name] ?? null) ? $given[$name] : '';
    if ($method === 'POST') {
        $added = add($database, $field('name'), $field('message'));
        $problem = 'Give a name of 1 to ' . NAME_LENGTH . ' characters and a message of 1 to ' . TEXT_LENGTH . '.';
        if ($fromProgram) {
            json($added === null ? 400 : 201, $added ?? ['error' => $problem]);
        } elseif ($added === null) {
            http_response_code(400);
            page(entries($database), $problem);
        } else {
            // A reload of the page must not send the form again.
            header('Location: /', true, 303);
        }
    } elseif ($method === 'DELETE') {
        $removed = remove($database, (string) ($_GET['id'] ?? ''), $_SERVER['HTTP_X_ENTRY_KEY'] ?? '');
        json($removed ? 200 : 404, ['removed' => $removed]);
    } elseif (($_GET['probe'] ?? '') === 'ready') {
        json(200, ['ready' => true]);
    } elseif (($_GET['format'] ?? '') === 'json') {
        json(200, entries($database, isset($_GET['id']) ? (string) $_GET['id'] : null));
    } else {
        page(entries($database));
    }
}

try {
    answer();
} catch (Throwable $error) {
    // Only the log gets the reason: it may contain addresses.
    error_log('guestbook: ' . $error->getMessage());
    json(503, ['error' => 'the guestbook is not available']);
}
