from tornado.web import Application, RequestHandler


class Hello(RequestHandler):
    def get(self):
        self.write('<h1>Hello, web!</h1>')


application = Application([('/', Hello)])
