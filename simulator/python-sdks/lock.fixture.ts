/** The virtual environment of the Python SDKs, and every package of it. */
export const pythonSdks = 'python-sdks';
export const pythonSdksLock = 'simulator/python-sdks/requirements.lock';
