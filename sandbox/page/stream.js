// What happens in the workspace, as it happens. The stream heals itself; after a gap the page reads everything again.

const LONGEST_PAUSE = 5000;

export function openStream(person, { onOpen, onEvent, onLost, onBack }) {
  let source = null;
  let pause = 400;
  let lost = false;
  let timer = null;
  let closed = false;

  const connect = () => {
    source = new EventSource(`/sandbox/stream?as=${encodeURIComponent(person)}`);
    source.onopen = () => {
      pause = 400;
      if (lost) onBack();
      lost = false;
      onOpen();
    };
    source.onmessage = (message) => onEvent(JSON.parse(message.data));
    source.onerror = () => {
      if (closed) return;
      if (!lost) onLost();
      lost = true;
      source.close(); // the browser gives up for good on some answers, so we always come back ourselves
      clearTimeout(timer);
      timer = setTimeout(connect, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    };
  };

  connect();
  return () => {
    closed = true;
    clearTimeout(timer);
    source.close();
  };
}
