// What the page is about, as Python wrote it.

const DATA = JSON.parse(byId("data").textContent);
