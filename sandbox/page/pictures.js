// Where a picture's bytes come from: the web, or a file that the app has uploaded.

export const pictureSource = ({ image_url: url, slack_file: file }) => url ?? file?.url ?? `/files/${file?.id}/picture`;
