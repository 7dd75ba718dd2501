import type { StorageEngine } from 'multer';
import type { FileReceiver } from '@image-organizer/pipeline/intake/receive-files';

/**
 * Multer's storage engine for one request: hands every file on as it is parsed.
 *
 * Multer would fail the whole request when the parser says that one file is over `limits.fileSize`. Here that is this
 * file's problem alone, so multer's listener is taken off; the parser goes on without passing the surplus, and the file
 * ends with `truncated` set. Nothing is removed here: after a client's abort multer does not always ask, so the receiver
 * discards by itself what no image came of.
 */
export const createBlobStorageEngine = (receiver: FileReceiver): StorageEngine => ({
  _handleFile(_request, file, done) {
    file.stream.removeAllListeners('limit');
    receiver.receive(file.originalname, file.stream).then(
      () => done(null, {}),
      (error: unknown) => done(error),
    );
  },
  _removeFile: (_request, _file, done) => done(null),
});
